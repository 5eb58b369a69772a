import type { TopicPartition } from './topic-partition.ts'

/** Offsets that were sent and are not known to be delivered: whoever goes on copies them again. */
export interface MayRepeat extends TopicPartition {
  readonly from: number
  readonly to: number
}
