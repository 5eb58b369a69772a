import { readdirSync, readFileSync } from 'node:fs'

// USER_HZ: 100 on every Linux that Node.js supports (proc(5)).
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096
/** How often new children are looked for; the time of known ones is read at every sample. */
const SEARCH_MS = 250

export interface TreeSample {
  /** User and system time of every process that was ever seen in the tree. */
  readonly cpuSeconds: number
  /** Resident memory of all that live, added up: pages that they share count once each. */
  readonly rssBytes: number
}

/**
 * A process and its descendants, watched through /proc.
 *
 * Invariant: the time of a process that has ended stays counted, as it was last seen.
 */
export class ProcessTree {
  readonly #cpu = new Map<number, number>()
  #members: readonly number[]
  #searched = 0

  constructor(pid: number) {
    this.#members = [pid]
  }

  sample(now: number): TreeSample {
    if (now - this.#searched >= SEARCH_MS) {
      this.#searched = now
      this.#members = withDescendants(this.#members)
    }
    let rssBytes = 0
    for (const pid of this.#members) {
      const seconds = cpuSeconds(pid)
      if (seconds === undefined) continue
      this.#cpu.set(pid, seconds)
      rssBytes += residentBytes(pid)
    }
    let total = 0
    for (const seconds of this.#cpu.values()) total += seconds
    return { cpuSeconds: total, rssBytes }
  }
}

/** Those of `pids` that live, and all below them. */
function withDescendants(pids: readonly number[]): readonly number[] {
  const children = childrenByParent()
  const found = new Set(pids.filter((pid) => readIfThere(`/proc/${pid}/stat`) !== undefined))
  // A set visits what is added while it is walked.
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child)
  return [...found]
}

/** Of the whole machine: not every kernel has /proc/PID/task/TID/children. */
function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = Number(statFields(Number(name))?.[1])
    const siblings = children.get(parent)
    if (siblings) siblings.push(Number(name))
    else children.set(parent, [Number(name)])
  }
  return children
}

/** Undefined when the process is gone. */
function cpuSeconds(pid: number): number | undefined {
  const fields = statFields(pid)
  // utime and stime, fields 14 and 15 of proc(5).
  return fields && (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** From the third field on: the second is the name in parentheses and may hold spaces. */
function statFields(pid: number): readonly string[] | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function residentBytes(pid: number): number {
  return Number(readIfThere(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0) * PAGE_BYTES
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
