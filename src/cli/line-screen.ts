import { describeLatency, describeLimits } from './describe-limits.ts'
import { hasEnded } from '../model/job-state.ts'
import { formatBytes, formatCount, formatSeconds, plural } from '../model/format-quantities.ts'
import type { OutputStream } from './command-context.ts'
import type { JobScreen, JobView } from './job-view.ts'
import { totalLag } from './topic-progress.ts'

const INTERVAL_MS = 5000

/** Where nothing can be drawn over: a line every few seconds. */
export class LineScreen implements JobScreen {
  readonly #stream: OutputStream
  readonly #progress: (view: JobView) => void
  readonly #now: () => number
  #last: number
  #hasToldEnd = false

  /**
   * @param progress says how far the job is; by default in a line of the stream
   * @param now a clock in ms
   */
  constructor(
    stream: OutputStream,
    progress: (view: JobView) => void = (view) => void stream.write(`${progressLine(view)}\n`),
    now: () => number = () => performance.now()
  ) {
    this.#stream = stream
    this.#progress = progress
    this.#now = now
    this.#last = now()
  }

  print(line: string): void {
    this.#stream.write(line)
  }

  show(view: JobView): void {
    const now = this.#now()
    if (now - this.#last < INTERVAL_MS) return
    const isOver = hasEnded(view.snapshot.state)
    // Its processes may take a while to leave; nothing of this changes meanwhile.
    if (isOver && this.#hasToldEnd) return
    this.#hasToldEnd = isOver
    this.#last = now
    this.#progress(view)
  }

  close(): void {
    // Nothing to take away.
  }
}

/**
 * `RUNNING 0:15: 1,234 records (250/s), 1.2 MiB (0.3 MiB/s), lag 10, in flight 0 B of 64.0 MiB, latency p50 12 ms, p99
 * 1.3 s, limited by target 82 % (source 3 %, mirror 15 %)`
 */
export function progressLine({ snapshot, rates }: JobView): string {
  const { state, seconds, totals, partitions, workers, restarts } = snapshot
  const lag = totalLag(partitions)
  const inFlight = workers.reduce((sum, { inFlightBytes }) => sum + inFlightBytes, 0)
  const limit = workers.reduce((sum, { inFlightLimit }) => sum + inFlightLimit, 0)
  return [
    `${state} ${formatSeconds(seconds)}: ${plural(totals.records, 'record')} (${formatCount(rates.recordsPerSecond)}/s)`,
    `${formatBytes(totals.bytes)} (${formatBytes(rates.bytesPerSecond)}/s)`,
    `lag ${lag === undefined ? '?' : formatCount(lag)}`,
    `in flight ${formatBytes(inFlight)} of ${formatBytes(limit)}`,
    ...(restarts > 0 ? [plural(restarts, 'restart')] : []),
    ...limitsOf(snapshot)
  ].join(', ')
}

function limitsOf({ state, limits, replicationLatency }: JobView['snapshot']): string[] {
  if (state !== 'RUNNING') return []
  const facts = [describeLatency(replicationLatency.recent), describeLimits(limits.recent)?.what]
  return facts.filter((fact) => fact !== undefined)
}
