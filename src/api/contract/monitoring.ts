import type { LogLevel, TopicPartition } from './jobs.ts'
import type { Reason } from './problem.ts'

export interface PartitionRow extends TopicPartition {
  readonly target: string
  readonly state: 'starting' | 'copying' | 'paused' | 'stopped' | 'done' | 'stuck'
  readonly from: number | null
  readonly to: number | null
  readonly end: number | null
  readonly lag: number | null
  readonly records: number
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  readonly reason: Reason | null
}

export interface TopicRow {
  readonly topic: string
  readonly target: string
  readonly partitions: number
  readonly stopped: number
  readonly paused: number
  readonly lag: number | null
  readonly records: number
  readonly recordsPerSecond: number
}

/** Columns of equal length. `at` has the begin of each step; null where nothing was measured: a gap. */
export interface History {
  readonly stepSeconds: number
  readonly at: readonly number[]
  readonly series: Readonly<Record<HistorySeries, readonly (number | null)[]>>
  readonly markers: readonly {
    readonly at: number
    readonly kind: 'restart' | 'rebalance' | 'alarm' | 'state'
    readonly text: string
  }[]
}

export type HistorySeries =
  | 'recordsIn'
  | 'recordsOut'
  | 'bytesIn'
  | 'bytesOut'
  | 'lagRecords'
  | 'latencyP50'
  | 'latencyP99'
  | 'inFlightBytes'
  | 'memoryBytes'

export interface JobEventView {
  readonly id: number
  readonly at: number
  readonly level: LogLevel
  /** Such as `worker-crashed`. */
  readonly type: string
  readonly text: string
}

export interface LogLine {
  readonly id: number
  readonly at: number
  readonly level: LogLevel
  readonly message: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Records that were not copied as they were: one, or consecutive ones of which the same is to be said. */
export interface NotCopied {
  readonly at: number
  readonly topic: string
  readonly partition: number
  /** The first of them. */
  readonly offset: number
  readonly count: number
  /** Such as `dr.orders-3`. */
  readonly target: string
  /** The broker's name of the error, such as MSG_SIZE_TOO_LARGE, or TIMESTAMP_NOT_WRITABLE. */
  readonly code: string
  readonly reason: string
  /** `altered`: delivered, but stamped with the time of copying. */
  readonly policy: 'dead-letter' | 'skip' | 'altered'
  /** `topic-partition@offset`, or a file. */
  readonly deadLetter: string | null
}
