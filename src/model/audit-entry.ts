import type { PartitionOffset, TopicPartition } from './topic-partition.ts'

/** What becomes of a record that the target refuses. */
export type BadRecordPolicy = 'stop' | 'dead-letter' | 'skip'

/** Where a dead letter is. */
export type DeadLetterPlace = PartitionOffset | { readonly file: string }

/** Consecutive records that were not copied as they were: one line of the audit trail. */
export interface AuditEntry {
  /** RFC 3339, UTC. */
  readonly time: string
  /** The first of them. */
  readonly source: PartitionOffset
  readonly count: number
  readonly target: TopicPartition
  /** The broker's name of the error, such as MSG_SIZE_TOO_LARGE, or TIMESTAMP_NOT_WRITABLE. */
  readonly reason: string
  /** `altered`: delivered, but stamped with the time of copying. */
  readonly policy: 'dead-letter' | 'skip' | 'altered'
  readonly deadLetter?: DeadLetterPlace
}
