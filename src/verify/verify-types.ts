import type { PartitionPolicy } from '../model/policies.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import type { AuditedOffsets } from './audited-offsets.ts'
import type { DifferenceKind } from './difference-list.ts'

export type VerifyMode = 'counts' | 'full' | 'sample'

/** What is read of a partition: the offsets in [from, to). */
export interface ReadRange extends TopicPartition {
  readonly from: number
  readonly to: number
}

export interface SourceRange extends ReadRange {
  /** The target must have what lies below: the group's commit. What lies above it may have. */
  readonly requiredTo: number
  /** The group has committed nothing here: nothing must be at the target. */
  readonly isUncommitted?: boolean
  /** Records at the beginning are gone that may be at the target, or it is not known that none are. */
  readonly isTrimmed: boolean
  /** It is not known where the copy began. */
  readonly isStartUnknown: boolean
  /** Records that a policy kept back or that could not be copied as they were. */
  readonly audited?: AuditedOffsets
}

export interface TargetRange extends ReadRange {
  readonly isTrimmed: boolean
}

/** A topic and what became of it, as far as it can be read. */
export interface TopicBounds {
  readonly target: string
  /** Several where the mapping is n:1. */
  readonly sources: readonly string[]
  readonly sourceRanges: readonly SourceRange[]
  readonly targetRanges: readonly TargetRange[]
  /** Source partition n is target partition n, in order; else records may be anywhere in the topic. */
  readonly isOrdered: boolean
  /** The target stamps its records itself, and was accepted as such. */
  readonly isRestamped: boolean
  /** Source or target keep the last value of each key only: no more than that can be compared. */
  readonly isCompacted: boolean
}

/** Which part of a record is not as it was. */
export interface AlteredPart {
  readonly part: 'key' | 'value' | 'header' | 'timestamp'
  /** What differs, in a few words: `byte 17 is 0x41, was 0x40`. */
  readonly what: string
  /** First byte that differs, where both sides have bytes. */
  readonly byte?: number
}

/** One record that differs. */
export interface NamedDifference {
  readonly source?: PartitionOffset
  readonly target?: PartitionOffset
  readonly altered?: readonly AlteredPart[]
}

export interface DifferenceCount {
  readonly count: number
  /** The first of them. */
  readonly first: readonly NamedDifference[]
}

export interface NamedRedelivery {
  readonly source: PartitionOffset
  readonly target: PartitionOffset
  readonly count: number
}

/** What was found of the offset pairs that the target acknowledged. */
export interface PairVerification {
  /** Pairs whose target record was held against its source record. */
  readonly checked: number
  /** Pairs whose target record is another one than its source record, or is not there. */
  readonly differing: DifferenceCount
}

/** What verification says of one target topic. */
export interface TopicVerification {
  readonly target: string
  readonly sources: readonly string[]
  readonly inOrder: boolean
  /** Source records that had to be at the target, or may be; target records. Undefined: only bounds were compared. */
  readonly sourceRecords: number
  readonly targetRecords: number
  /** Records that are on both sides. */
  readonly equal: number
  readonly redelivered: { readonly count: number; readonly first: readonly NamedRedelivery[] }
  readonly differences: Readonly<Record<DifferenceKind, DifferenceCount>>
  /** Absent where no offset pairs are known, or they were not looked at. */
  readonly pairs?: PairVerification
  /** Records that are not there, or differ, because a policy said so: the audit trail has them. */
  readonly audited: number
  /** Records at the beginning that one side does not have any more. */
  readonly before: { readonly source: number; readonly target: number }
  /** What a reader of the figures should know. */
  readonly notes: readonly string[]
}

export interface Verification {
  readonly job: string
  readonly mode: VerifyMode
  readonly policy: PartitionPolicy
  readonly strict: boolean
  /** No difference that counts, pairs that differ included: re-deliveries do only when strict. */
  readonly equal: boolean
  readonly seconds: number
  readonly records: number
  readonly recordsPerSecond: number
  readonly topics: readonly TopicVerification[]
}

export interface VerifyProgress {
  readonly partitions: number
  readonly partitionsDone: number
  readonly sourceRecords: number
  readonly targetRecords: number
  readonly bytes: number
  /** Offsets to be read at least once, on both sides. Records count as often as they are read. */
  readonly offsets: number
  readonly differences: number
}
