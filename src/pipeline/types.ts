import type { ErrorPlace } from '../model/millrace-error.ts'
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
  /** The partition must not be read, because of this. */
  readonly refusal?: StopReason
}

/** Why a partition stopped by itself. */
export interface StopReason {
  readonly code: string
  readonly message: string
  readonly next: string
  readonly place: ErrorPlace
}

/**
 * `copying`: assigned and being read. `completed`: the end of its range is delivered. `stopped`: see reason.
 * `revoked`: another worker has it now.
 */
export type PartitionState = 'copying' | 'completed' | 'stopped' | 'revoked'

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
  /** Read by this worker since it started; what was read again counts again. */
  readonly readRecords: number
  readonly readBytes: number
  /** Delivered by this worker since it started. */
  readonly records: number
  /** Keys and values. */
  readonly bytes: number
  /** Records whose timestamp could not be kept. */
  readonly altered: number
}

/** Offsets that were sent and are not known to be delivered: whoever goes on copies them again. */
export interface MayRepeat extends TopicPartition {
  readonly from: number
  readonly to: number
}

/** Something a mirror tells while it runs; each is rare. */
export type MirrorEvent =
  | { readonly type: 'assigned' | 'revoked'; readonly partitions: readonly TopicPartition[] }
  | { readonly type: 'completed'; readonly partition: TopicPartition; readonly to: number }
  | { readonly type: 'partition-stopped'; readonly partition: TopicPartition; readonly reason: StopReason }
  | { readonly type: 'may-repeat'; readonly ranges: readonly MayRepeat[] }
  | { readonly type: 'commit-failed'; readonly message: string }
  | { readonly type: 'producer-remade'; readonly message: string }
  | { readonly type: 'waiting'; readonly message: string }
