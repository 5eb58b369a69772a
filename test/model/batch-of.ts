import { Batch } from '../../src/model/batch.ts'
import type { RecordView } from '../../src/model/batch.ts'
import type { Settlement } from '../../src/model/settlement.ts'
import type { TopicPartition } from '../../src/model/topic-partition.ts'
import { FakePayload } from '../client/fake-payload.ts'
import type { HeldCount } from '../client/fake-payload.ts'

export interface BatchUnderTest {
  readonly batch: Batch
  readonly payload: FakePayload | undefined
  readonly held: HeldCount
  /** What the batch said of itself, in order; undefined = dropped. */
  readonly settled: (Settlement | undefined)[]
}

export interface BatchShape {
  readonly source?: TopicPartition
  readonly from?: number
  readonly to?: number
  /** Offsets of its records; all of [from, to) unless told. Empty = no payload. */
  readonly offsets?: readonly number[]
  /** The record at offset o is stamped `timestampOf(o)`. */
  readonly timestampOf?: (offset: number) => number
  readonly leaderEpoch?: number
}

export function recordAt(offset: number, timestamp = offset): RecordView {
  return { offset, timestamp, key: null, value: Buffer.from(`value ${offset}`), headers: [] }
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}

/** A batch of records in memory that counts what it holds and notes how it was settled. */
export function batchOf(shape: BatchShape = {}): BatchUnderTest {
  const { source = { topic: 'orders', partition: 0 }, from = 0, to = 10, leaderEpoch = -1 } = shape
  const { offsets = range(from, to), timestampOf = (offset: number) => offset } = shape
  const held: HeldCount = { records: offsets.length }
  const records = offsets.map((offset) => recordAt(offset, timestampOf(offset)))
  const payload = records.length === 0 ? undefined : new FakePayload(records, held)
  const settled: (Settlement | undefined)[] = []
  const onSettled = (result: Settlement | undefined) => void settled.push(result)
  const times = { pollBegan: 0, fetched: 0 }
  return { batch: Batch.create({ source, from, to, leaderEpoch, payload, times, onSettled }), payload, held, settled }
}
