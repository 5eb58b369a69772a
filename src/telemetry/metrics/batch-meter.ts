import type { BatchTimes } from '../../model/batch.ts'
import type { Settlement } from '../../model/settlement.ts'
import { Histogram } from './histogram.ts'
import type { BatchHistograms, WorkerCounts } from './worker-metrics.ts'
import { HISTOGRAM_BOUNDS } from './worker-metrics.ts'

/** What the meter looks at beside what became of the batch. */
export interface MeteredBatch {
  /** Delivered, keys and values. */
  readonly bytes: number
  /** Of the first record; -1 = none. */
  readonly firstTimestamp: number
  readonly times: BatchTimes
}

/** Names of errors come from librdkafka; should there be more than this, the rest is one. */
const MOST_NAMES = 64

/**
 * Measures what became of batches: one call and a few additions a batch, whatever the number of its records. So it is
 * always on.
 *
 * Replication latency is that of a batch's first record, which waited longest; records that were stamped late by their
 * producers make it larger, those stamped in the future count as 0 and as clock skew.
 */
export class BatchMeter {
  readonly #wallClock: () => number
  readonly #histograms: Readonly<Record<keyof BatchHistograms, Histogram>> = {
    replicationLatency: new Histogram(HISTOGRAM_BOUNDS.replicationLatency),
    pipelineLatency: new Histogram(HISTOGRAM_BOUNDS.pipelineLatency),
    batchRecords: new Histogram(HISTOGRAM_BOUNDS.batchRecords),
    batchBytes: new Histogram(HISTOGRAM_BOUNDS.batchBytes)
  }
  readonly #undelivered = new Map<string, number>()
  #clockSkew = 0

  /** @param wallClock ms since 1970, as records are stamped */
  constructor(wallClock: () => number = Date.now) {
    this.#wallClock = wallClock
  }

  settled({ failure, delivered }: Settlement, { bytes, firstTimestamp, times }: MeteredBatch): void {
    if (failure !== undefined) {
      this.#failed(failure.name, failure.count)
      return
    }
    // A batch without records only moves the checkpoint.
    if (delivered === 0) return
    const { replicationLatency, pipelineLatency, batchRecords, batchBytes } = this.#histograms
    batchRecords.observe(delivered)
    batchBytes.observe(bytes)
    if (times.delivered !== undefined) pipelineLatency.observe(Math.max(0, times.delivered - times.fetched) / 1000)
    if (firstTimestamp < 0) return
    const milliseconds = this.#wallClock() - firstTimestamp
    if (milliseconds < 0) this.#clockSkew += 1
    replicationLatency.observe(Math.max(0, milliseconds) / 1000)
  }

  read(): BatchHistograms & Pick<WorkerCounts, 'clockSkew' | 'undelivered'> {
    const { replicationLatency, pipelineLatency, batchRecords, batchBytes } = this.#histograms
    return {
      replicationLatency: replicationLatency.read(),
      pipelineLatency: pipelineLatency.read(),
      batchRecords: batchRecords.read(),
      batchBytes: batchBytes.read(),
      clockSkew: this.#clockSkew,
      undelivered: Object.fromEntries(this.#undelivered)
    }
  }

  #failed(name: string, records: number): void {
    const known = this.#undelivered.has(name) || this.#undelivered.size < MOST_NAMES ? name : 'other'
    this.#undelivered.set(known, (this.#undelivered.get(known) ?? 0) + records)
  }
}
