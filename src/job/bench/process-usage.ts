import { readFileSync } from 'node:fs'

/** Linux tells processor time in these, whatever the kernel counts in. */
const TICKS_A_SECOND = 100

/**
 * Processor time and memory of this process and of workers that come and go.
 *
 * Invariant: the processor time never falls: what a process had used when it was last seen stays counted.
 */
export class ProcessUsage {
  readonly #ownStart = process.cpuUsage()
  readonly #cpuByPid = new Map<number, number>()
  #known = true
  #workersPeak = 0
  #ownPeak = 0

  get workersPeakBytes(): number {
    return this.#workersPeak
  }

  get supervisorPeakBytes(): number {
    return this.#ownPeak
  }

  /** Seconds since this object was made; undefined where the system does not tell. */
  look(workers: readonly { readonly pid: number | undefined; readonly rssBytes: number }[]): number | undefined {
    this.#ownPeak = Math.max(this.#ownPeak, process.memoryUsage.rss())
    this.#workersPeak = Math.max(
      this.#workersPeak,
      workers.reduce((sum, { rssBytes }) => sum + rssBytes, 0)
    )
    for (const { pid } of workers) {
      if (pid === undefined) continue
      const seconds = cpuSecondsOf(pid)
      if (seconds === undefined) this.#known = this.#cpuByPid.has(pid)
      else this.#cpuByPid.set(pid, seconds)
    }
    const { user, system } = process.cpuUsage(this.#ownStart)
    if (!this.#known) return undefined
    return [...this.#cpuByPid.values()].reduce((sum, seconds) => sum + seconds, (user + system) / 1e6)
  }
}

/** proc(5): fields 14 and 15, counted behind the name in brackets, which may have spaces. */
function cpuSecondsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
  } catch {
    // The process is gone, or this system has no /proc.
    return undefined
  }
}
