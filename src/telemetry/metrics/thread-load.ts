import { readdirSync, readFileSync } from 'node:fs'

/** Nanoseconds that a thread ran and that it waited for a processor, by thread, since the thread began. */
export type ThreadTimes = ReadonlyMap<string, number>

const THREADS = '/proc/self/task'

/** Linux only; undefined elsewhere. A thread that ends meanwhile is left out. */
export function readThreadTimes(): ThreadTimes | undefined {
  const times = new Map<string, number>()
  try {
    for (const thread of readdirSync(THREADS)) {
      const wanted = wantedOf(thread)
      if (wanted !== undefined) times.set(thread, wanted)
    }
  } catch {
    // Not Linux, or no /proc: the caller has another measure.
    return undefined
  }
  return times.size === 0 ? undefined : times
}

function wantedOf(thread: string): number | undefined {
  try {
    const [ran, waited] = readFileSync(`${THREADS}/${thread}/schedstat`, 'latin1').split(' ')
    const wanted = Number(ran) + Number(waited)
    return Number.isFinite(wanted) ? wanted : undefined
  } catch {
    return undefined
  }
}

/** The largest share of the time between two readings that one thread ran or waited for a processor. */
export function busiestShare(earlier: ThreadTimes, later: ThreadTimes, milliseconds: number): number {
  let most = 0
  for (const [thread, wanted] of later) most = Math.max(most, wanted - (earlier.get(thread) ?? 0))
  return milliseconds <= 0 ? 0 : most / 1e6 / milliseconds
}

export interface ThreadLoadClocks {
  readonly now: () => number
  readonly threadTimes: () => ThreadTimes | undefined
  /** Microseconds of all threads. */
  readonly processTime: () => number
}

const CLOCKS: ThreadLoadClocks = {
  now: () => performance.now(),
  threadTimes: readThreadTimes,
  processTime: () => {
    const { user, system } = process.cpuUsage()
    return user + system
  }
}

/**
 * How busy the busiest thread of this process is, from reading to reading. Where threads can't be seen, the processor
 * time of all of them stands for it: an upper bound.
 */
export class ThreadLoad {
  readonly #clocks: ThreadLoadClocks
  #at: number
  #threads: ThreadTimes | undefined
  #process: number

  constructor(clocks: ThreadLoadClocks = CLOCKS) {
    this.#clocks = clocks
    this.#at = clocks.now()
    this.#threads = clocks.threadTimes()
    this.#process = clocks.processTime()
  }

  /** Milliseconds since the last reading. */
  get age(): number {
    return this.#clocks.now() - this.#at
  }

  /** The share of the time since the last reading, from 0 to 1. */
  read(): number {
    const milliseconds = this.age
    const [threads, time] = [this.#clocks.threadTimes(), this.#clocks.processTime()]
    const share =
      threads === undefined || this.#threads === undefined
        ? (time - this.#process) / 1000 / Math.max(1, milliseconds)
        : busiestShare(this.#threads, threads, milliseconds)
    this.#at += milliseconds
    this.#threads = threads
    this.#process = time
    return Math.min(1, share)
  }
}
