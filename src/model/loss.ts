import type { OffsetRange } from './offset-range.ts'
import type { StopReason } from './stop-reason.ts'
import type { TopicPartition } from './topic-partition.ts'

/** What to do with a partition of which something was lost. */
export type LossPolicy = 'stop' | 'continue'

/** What is known of a loss when it is found, beside what it means for the partition. */
export interface FoundLoss {
  /** `deleted`: the topic is gone. */
  readonly kind: 'overtaken' | 'truncated' | 'remade' | 'deleted' | 'hole' | 'target-lost' | 'target-deleted'
  /** Offsets of the source that can't be copied any more; undefined = not known, or none. */
  readonly lost?: OffsetRange
  /** One sentence; offsets that were written since the last good check are not in it. */
  readonly message: string
}

/** A loss of a source partition, as log, status and summary name it. */
export interface Loss extends TopicPartition, FoundLoss {
  readonly code: string
  readonly outcome: 'stopped' | 'continued'
  /** Source offsets that were written to the target since everything was seen to be well. */
  readonly writtenSince?: OffsetRange
  readonly reason: StopReason
}
