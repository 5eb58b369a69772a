import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Batch } from '../model/batch.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import { mapBatch } from './map-batch.ts'

/** Which records of a partition are copied: offsets in [from, to), stamped before `before` (ms) up to the first that is not. */
export interface CopyRange {
  readonly from: number
  /** Infinity = no end. */
  readonly to: number
  /** The first record stamped at or after this time ends the range; Infinity = no such time. */
  readonly before: number
}

export interface RangeTable {
  rangeOf(partition: TopicPartition): CopyRange
  /** A record at or after the end time was met: the range ends at this offset from now on. */
  endAt(partition: TopicPartition, offset: number): void
  /** The source has read to the end of the range; nothing more of this partition is wanted. */
  reached(partition: TopicPartition): void
}

/**
 * Keeps of each batch what is inside the range of its partition. Batches beyond the end stay as empty ones, so that
 * checkpoints see that there was nothing to copy.
 */
export function seekRange(ranges: RangeTable): MonoTypeOperatorFunction<Batch> {
  return mapBatch((batch) => {
    const range = ranges.rangeOf(batch.source)
    let to = range.to
    if (batch.payload !== undefined && batch.payload.maxTimestamp >= range.before) {
      const end = batch.payload.offsetAtOrAfter(range.before)
      if (end !== undefined && end < to) {
        to = end
        ranges.endAt(batch.source, end)
      }
    }
    if (batch.to >= to) ranges.reached(batch.source)
    return batch.within(range.from, to)
  })
}
