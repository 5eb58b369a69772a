import { readdirSync, readFileSync } from 'node:fs'

/** Direct children of a process, from /proc (Linux), the oldest first: process ids begin again when they are used up. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), stat: statOf(Number(name)) }))
    .filter(({ stat }) => Number(stat?.[1]) === pid)
    .sort((a, b) => Number(a.stat?.[START_TIME]) - Number(b.stat?.[START_TIME]) || a.pid - b.pid)
    .map((child) => child.pid)
}

/** A zombie is not alive: it has ended, and only its parent has not asked how. */
export function isAlive(pid: number): boolean {
  const state = statOf(pid)?.[0]
  return state !== undefined && state !== 'Z'
}

/**
 * What the process and its children keep in memory together. Pages of files, almost all of them the program's own, are
 * the same pages in each of them: they count once, as a container's limit counts them.
 */
export function treeMemoryBytes(pid: number): number {
  const statuses = [pid, ...childrenOf(pid)].map((each) => read(`/proc/${each}/status`))
  const own = statuses.map((status) => kib(status, 'RssAnon') + kib(status, 'RssShmem'))
  const shared = statuses.map((status) => kib(status, 'RssFile'))
  return (own.reduce((sum, each) => sum + each, 0) + Math.max(...shared)) * 1024
}

export interface Resources {
  readonly rssBytes: number
  /** Open descriptors: files, sockets, pipes. */
  readonly files: number
  readonly threads: number
}

/** What a process holds now; undefined when it has ended. */
export function resourcesOf(pid: number): Resources | undefined {
  const threads = Number(/^Threads:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
  const rss = rssBytes(pid)
  if (threads === 0 || rss === 0) return undefined
  try {
    return { rssBytes: rss, files: readdirSync(`/proc/${pid}/fd`).length, threads }
  } catch {
    return undefined
  }
}

export interface MemoryWatch {
  /** The samples since the start, in bytes. */
  readonly samples: readonly number[]
  stop(): void
}

/** Samples the memory of a process tree. */
export function watchMemory(pid: number, intervalMs = 100): MemoryWatch {
  const samples: number[] = []
  const timer = setInterval(() => samples.push(treeMemoryBytes(pid)), intervalMs)
  return { samples, stop: () => clearInterval(timer) }
}

/** What all threads of a process have used since it began. */
export function cpuSeconds(pid: number): number {
  const [, , , , , , , , , , , user, system] = statOf(pid) ?? []
  return (Number(user ?? 0) + Number(system ?? 0)) / TICKS_PER_SECOND
}

/** Field 22 of proc(5), counted from the state. */
const START_TIME = 19

/** USER_HZ of Linux. */
const TICKS_PER_SECOND = 100

function rssBytes(pid: number): number {
  return kib(read(`/proc/${pid}/status`), 'VmRSS') * 1024
}

/** 0 for a process that has ended. */
function kib(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0)
}

/** From the state on; the name before it stands in parentheses and may hold spaces (proc(5)). */
function statOf(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`)
  return stat === '' ? undefined : stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Empty for a process that has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
