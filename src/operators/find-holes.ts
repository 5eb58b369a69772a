import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Batch } from '../model/batch.ts'
import type { OffsetRange } from '../model/offset-range.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import { mapBatch } from './map-batch.ts'

export interface HoleRules {
  /** Every offset of the topic's partitions is a record: it is neither transactional nor compacted. */
  isGapless(topic: string): boolean
  /** Offsets without a record were met. `stop`: nothing from the hole on is wanted. */
  onHole(partition: TopicPartition, hole: OffsetRange): 'stop' | 'continue'
}

/** Tells where records are missing in topics that have one at each offset, and lets nothing overtake such a hole if that is asked for. */
export function findHoles(rules: HoleRules): MonoTypeOperatorFunction<Batch> {
  return mapBatch((batch) => {
    if (batch.count === batch.to - batch.from || !rules.isGapless(batch.source.topic)) return batch
    for (const hole of holesOf(batch)) {
      if (rules.onHole(batch.source, hole) === 'stop') return batch.within(batch.from, hole.from)
    }
    return batch
  })
}

/** Looks into the records only where some are missing between the first and the last. */
function holesOf({ from, to, payload }: Batch): OffsetRange[] {
  if (payload === undefined) return [{ from, to }]
  const { firstOffset, lastOffset, count } = payload
  const whole = lastOffset - firstOffset === count - 1
  const offsets = whole ? [firstOffset, lastOffset] : payload.records().map(({ offset }) => offset)
  const holes: OffsetRange[] = []
  let expected = from
  for (const [index, offset] of offsets.entries()) {
    if (offset > expected && !(whole && index === 1)) holes.push({ from: expected, to: offset })
    expected = offset + 1
  }
  if (expected < to) holes.push({ from: expected, to })
  return holes
}
