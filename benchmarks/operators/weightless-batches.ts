import { Batch } from '../../src/model/batch.ts'
import type { BatchPayload } from '../../src/model/batch.ts'
import type { TopicPartition } from '../../src/model/topic-partition.ts'

export const SOURCE_TOPIC = 'orders'
export const TARGET_TOPIC = 'dr.orders'
export const PARTITIONS = 16
/** Of one batch: what a poll brings of one partition at 100 B. */
export const RECORDS = 1_000
const RECORD_BYTES = 100

export const SOURCES: readonly TopicPartition[] = Array.from({ length: PARTITIONS }, (_, partition) => ({
  topic: SOURCE_TOPIC,
  partition
}))

/** The numbers of a batch without its records, which JavaScript doesn't look at on the way either. */
export class WeightlessPayload implements BatchPayload {
  readonly firstOffset: number
  readonly lastOffset: number
  readonly count = RECORDS
  readonly bytes = RECORDS * RECORD_BYTES
  readonly firstTimestamp = 1_700_000_000_000
  readonly maxTimestamp = 1_700_000_000_100
  readonly minTimestamp = 1_700_000_000_000
  readonly largestRecord = RECORD_BYTES
  readonly hasKeyless = false

  constructor(firstOffset: number) {
    this.firstOffset = firstOffset
    this.lastOffset = firstOffset + RECORDS - 1
  }

  take(): undefined {
    return undefined
  }

  offsetAtOrAfter(): undefined {
    return undefined
  }

  outside(): [] {
    return []
  }

  findHeaders(): [] {
    return []
  }

  records(): never {
    throw new Error('there are no records to look at')
  }

  release(): void {
    // Nothing is held.
  }
}

/** Batches of all partitions in turns, each partition's without a gap. */
export function makeBatches(count: number, onSettled: () => void = () => undefined): readonly Batch[] {
  return Array.from({ length: count }, (_, index) => {
    const source = SOURCES[index % PARTITIONS] as TopicPartition
    const from = Math.floor(index / PARTITIONS) * RECORDS
    return Batch.create({
      source,
      from,
      to: from + RECORDS,
      leaderEpoch: 0,
      payload: new WeightlessPayload(from),
      times: { pollBegan: 0, fetched: 0 },
      onSettled
    })
  })
}
