import type { RecordLimits } from '../model/record-limits.ts'
import type { CommitMetadata } from '../model/commit-metadata.ts'
import type { StopReason } from '../model/stop-reason.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

/** What a worker must know of a partition before it reads it. */
export interface PreparedPartition extends TopicPartition {
  readonly target: string
  readonly targetPartitions: number
  /** The offset to begin at. */
  readonly start: number
  /** The group has `start` as its committed offset already. */
  readonly committed: boolean
  /** First offset that is not copied; undefined = no end known. */
  readonly stop?: number
  /** The first record stamped at or after this time (ms) ends the copy. */
  readonly stopBefore?: number
  /** What the target topic takes; undefined = it does not tell. */
  readonly limits?: RecordLimits
  /** What commits of it say beside the offset: both topics, and what is known of the last record below the start. */
  readonly metadata?: CommitMetadata
  /** Names the topics that offset pairs belong to, apart from earlier ones of these names; undefined = none are kept. */
  readonly generation?: number
  /** The partition must not be read, because of this. */
  readonly refusal?: StopReason
}

/**
 * `copying`: assigned and being read. `completed`: the end of its range is delivered. `stopped`: see reason.
 * `deleted`: stopped, because its topic is gone. `revoked`: another worker has it now.
 */
export type PartitionState = 'copying' | 'completed' | 'stopped' | 'deleted' | 'revoked'

export interface PartitionStatus extends TopicPartition {
  readonly target: string
  readonly state: PartitionState
  readonly reason?: StopReason
  /** Where this worker began. */
  readonly from: number
  /** Everything below is delivered. */
  readonly checkpoint: number
  readonly committed: number
  /** Everything below was read; what is above the checkpoint is on its way. */
  readonly position: number
  /** Nothing is fetched at this moment (paused, stopped, complete): what is above the position is only at the source. */
  readonly idle?: true
  /** Read by this worker since it started; what was read again counts again. */
  readonly readRecords: number
  readonly readBytes: number
  /** Delivered by this worker since it started. */
  readonly records: number
  /** Keys and values. */
  readonly bytes: number
  /** Records whose timestamp could not be kept. */
  readonly altered: number
  /** Records that the target refused, by what became of them. */
  readonly deadLettered: number
  readonly skipped: number
}
