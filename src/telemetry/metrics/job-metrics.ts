import { addBrokers } from './add-brokers.ts'
import { addCounts, NOTHING_COUNTED, sinceCounts } from './add-counts.ts'
import type { BrokerStatistics } from './broker-statistics.ts'
import { type HistogramCounts, quantile } from './histogram.ts'
import { NO_SECONDS, SIDES, type LimitSeconds } from './limit-clock.ts'
import { HISTOGRAM_BOUNDS, type HistogramName, type WorkerCounts, type WorkerMetrics } from './worker-metrics.ts'

export interface LatencyQuantiles {
  readonly p50Seconds: number
  readonly p99Seconds: number
}

/** "The last seconds" of a live table. */
const WINDOW_MS = 10_000
const SAMPLE_INTERVAL_MS = 1000
/** Who is no further behind than this waits for records that are not there yet, and for no source. */
const CAUGHT_UP_SECONDS = 2
/** The source is asked every three seconds; one that does not answer may have much to copy. */
export const LAG_IS_OLD_AFTER_MS = 15_000

/**
 * What all workers of a job have counted, those that are gone included.
 *
 * Invariant: totals only grow. Each process counts from 0, so its newest metrics replace its earlier ones, and when it
 * has ended they are added to `#gone` once. The samples are totals; the first is the youngest that is at least a window
 * old, or the very first one.
 */
export class JobMetrics {
  readonly #now: () => number
  readonly #byProcess = new Map<number, WorkerMetrics>()
  #gone = NOTHING_COUNTED
  #goneBrokers: readonly BrokerStatistics[] = []
  /** As the workers told it, but for what turned out to be no waiting for the source. */
  #limited = { ...NO_SECONDS }
  #caughtUp = false
  #laggedAt = 0
  readonly #samples: { readonly at: number; readonly totals: WorkerCounts }[] = []

  /** @param now a clock in ms that doesn't jump */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#samples.push({ at: now(), totals: NOTHING_COUNTED })
  }

  /** @param process a number that names the worker process, never used again */
  record(process: number, metrics: WorkerMetrics): void {
    const before = this.#byProcess.get(process)?.limited ?? NO_SECONDS
    const caughtUp = this.#caughtUp && this.#now() - this.#laggedAt <= LAG_IS_OLD_AFTER_MS
    for (const side of SIDES) {
      const to = side === 'source' && caughtUp ? 'idle' : side
      this.#limited[to] += metrics.limited[side] - before[side]
    }
    this.#byProcess.set(process, metrics)
    this.#sample()
  }

  /** The process is gone. */
  ended(process: number): void {
    const last = this.#byProcess.get(process)
    if (last === undefined) return
    this.#byProcess.delete(process)
    this.#gone = addCounts(this.#gone, last)
    this.#goneBrokers = addBrokers(this.#goneBrokers, last.brokers)
  }

  /**
   * How far the copy is behind, in records. A worker can't tell whether it waits for records that the source has, or
   * for some that are still to be written: an end of partition is told late or never where records trickle in.
   */
  lagged(records: number): void {
    const { totals, seconds } = this.#recent()
    const perSecond = seconds > 0 ? totals.batchRecords.sum / seconds : 0
    this.#laggedAt = this.#now()
    this.#caughtUp = records <= perSecond * CAUGHT_UP_SECONDS
  }

  totals(): WorkerCounts {
    let totals = this.#gone
    for (const metrics of this.#byProcess.values()) totals = addCounts(totals, metrics)
    return { ...totals, limited: { ...this.#limited } }
  }

  /** One entry a broker: sums over all workers, round trips and throttling of those that run. */
  brokers(): readonly BrokerStatistics[] {
    const still = this.#goneBrokers.map(({ roundTrip: _, ...of }) => ({ ...of, throttle: { average: 0, max: 0 } }))
    return [...this.#byProcess.values()].reduce<readonly BrokerStatistics[]>(
      (sum, { brokers }) => addBrokers(sum, brokers),
      still
    )
  }

  /** Seconds by side over the last ten seconds, all workers together. */
  recentLimits(): LimitSeconds {
    return this.#recent().totals.limited
  }

  /** Of the batches of the last ten seconds; undefined when there were none. */
  recentLatency(of: 'replicationLatency' | 'pipelineLatency'): LatencyQuantiles | undefined {
    return quantilesOf(of, this.#recent().totals[of])
  }

  /** Of all batches; undefined when there were none. */
  latency(of: 'replicationLatency' | 'pipelineLatency'): LatencyQuantiles | undefined {
    return quantilesOf(of, this.totals()[of])
  }

  #recent(): { readonly totals: WorkerCounts; readonly seconds: number } {
    const now = this.#now()
    this.#forgetBefore(now - WINDOW_MS)
    const first = this.#samples[0]
    if (first === undefined) return { totals: NOTHING_COUNTED, seconds: 0 }
    return { totals: sinceCounts(this.totals(), first.totals), seconds: (now - first.at) / 1000 }
  }

  #sample(): void {
    const now = this.#now()
    if (now - (this.#samples.at(-1)?.at ?? -Infinity) < SAMPLE_INTERVAL_MS) return
    this.#samples.push({ at: now, totals: this.totals() })
    this.#forgetBefore(now - WINDOW_MS)
  }

  #forgetBefore(at: number): void {
    while ((this.#samples[1]?.at ?? Infinity) <= at) this.#samples.shift()
  }
}

function quantilesOf(of: HistogramName, counts: HistogramCounts): LatencyQuantiles | undefined {
  const [p50Seconds, p99Seconds] = [0.5, 0.99].map((q) => quantile(HISTOGRAM_BOUNDS[of], counts, q))
  return p50Seconds === undefined || p99Seconds === undefined ? undefined : { p50Seconds, p99Seconds }
}
