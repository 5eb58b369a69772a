import type { TopicPartition } from '../../model/topic-partition.ts'
import type { BrokerStatistics } from './broker-statistics.ts'
import type { CounterName, CounterSum } from '../event-counters.ts'
import type { EventLoopDelay, WorkerCounts } from './worker-metrics.ts'

/** A partition as metrics know it; counts of all workers since the job began. */
export interface PartitionReading extends TopicPartition {
  readonly state: string
  readonly readRecords: number
  readonly readBytes: number
  readonly deliveredRecords: number
  readonly deliveredBytes: number
  readonly altered: number
  readonly deadLettered: number
  readonly skipped: number
  /** Undefined until the end of the source is known. */
  readonly lag: number | undefined
  /** Records a second; undefined until known. */
  readonly lagChange: number | undefined
}

export interface WorkerReading {
  /** Stays the same over restarts. */
  readonly index: number
  /** False while it is started again, and until it has told something. */
  readonly ready: boolean
  readonly rssBytes: number
  readonly inFlightBytes: number
  readonly inFlightLimit: number
  readonly checkpointAge: number
  readonly eventLoopDelay: EventLoopDelay | undefined
}

/** Everything about a job that metrics tell, at one moment. */
export interface JobReading {
  readonly job: string
  readonly state: string
  /** Seconds since 1970. */
  readonly startTime: number
  readonly memoryLimit: number
  readonly partitions: readonly PartitionReading[]
  /** All that the job is to copy, those included that no worker has had yet. */
  readonly planned: readonly TopicPartition[]
  readonly workers: readonly WorkerReading[]
  readonly supervisor: { readonly rssBytes: number; readonly eventLoopDelay: EventLoopDelay | undefined }
  readonly counts: WorkerCounts
  readonly brokers: readonly BrokerStatistics[]
  readonly restarts: number
  /** How many partitions make no progress, by reason; every reason is told. */
  readonly stuck: Readonly<Record<string, number>>
  /** Sums that typed events add to, by counter. */
  readonly events: (counter: CounterName) => readonly CounterSum[]
}
