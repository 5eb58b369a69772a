import type { BrokerStatistics } from './broker-statistics.ts'
import type { HistogramCounts } from './histogram.ts'
import type { LimitSeconds } from './limit-clock.ts'

/*
 * What a worker process has counted since it began: plain JSON, and small, because it goes to the supervisor twice a
 * second. What belongs to a partition is in its PartitionStatus.
 */

/** From 1 ms to a day: what is copied may have waited for long. */
export const LATENCY_BOUNDS: readonly number[] = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2,
  3, 5, 7.5, 10, 15, 30, 60, 120, 300, 600, 3600, 21_600, 86_400
]

export const BATCH_RECORDS_BOUNDS: readonly number[] = [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000]

/** 100 B to 10 MB. */
export const BATCH_BYTES_BOUNDS: readonly number[] = [
  100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000
]

/** Each batch is one observation, those that failed left out. */
export interface BatchHistograms {
  /** Seconds from the timestamp of the batch's first record to its delivery. */
  readonly replicationLatency: HistogramCounts
  /** Seconds from fetched to delivered. */
  readonly pipelineLatency: HistogramCounts
  readonly batchRecords: HistogramCounts
  readonly batchBytes: HistogramCounts
}

export type HistogramName = keyof BatchHistograms

export const HISTOGRAM_BOUNDS: Readonly<Record<HistogramName, readonly number[]>> = {
  replicationLatency: LATENCY_BOUNDS,
  pipelineLatency: LATENCY_BOUNDS,
  batchRecords: BATCH_RECORDS_BOUNDS,
  batchBytes: BATCH_BYTES_BOUNDS
}

/** How late this process comes to what it has to do in JavaScript, in seconds. */
export interface EventLoopDelay {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Sums that only grow while the process lives. */
export interface WorkerCounts extends BatchHistograms {
  /** Batches whose first record was stamped later than it was delivered. */
  readonly clockSkew: number
  /** Records that were not delivered, by librdkafka's name of the error. */
  readonly undelivered: Readonly<Record<string, number>>
  readonly commits: { readonly succeeded: number; readonly failed: number }
  readonly limited: LimitSeconds
}

export interface WorkerMetrics extends WorkerCounts {
  /** Seconds since the last commit that succeeded, while something that was delivered is not committed; else 0. */
  readonly checkpointAge: number
  /** Empty unless metrics are exposed. */
  readonly brokers: readonly BrokerStatistics[]
  /** Only when metrics are exposed. */
  readonly eventLoopDelay?: EventLoopDelay
}
