import type { TopicPartition } from '../../model/topic-partition.ts'

/** Why a partition makes no progress. */
export interface StuckReason {
  /** Of docs/errors.md: `MR_STUCK_…`. */
  readonly code: string
  readonly message: string
  readonly next: string
}

/** A partition that has something to copy and has made no progress for a while. */
export interface StuckPartition extends TopicPartition {
  /** Offsets that wait, those behind an open transaction included. */
  readonly lag: number
  /** For how long. */
  readonly seconds: number
  readonly reason: StuckReason
}
