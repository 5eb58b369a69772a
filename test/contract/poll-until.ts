import { setTimeout as sleep } from 'node:timers/promises'
import type { BatchConsumer, EndOfPartition, Fetched, PartitionError, Rebalance } from '../../src/client/types.ts'
import type { RecordView } from '../../src/model/batch.ts'
import { partitionName, type TopicPartition } from '../../src/model/topic-partition.ts'

const MAX_BYTES = 1_000_000
const POLL_MS = 100
const GIVE_UP_MS = 20_000

/** What a reader has seen so far. */
export interface Seen {
  readonly records: { readonly from: TopicPartition; readonly record: RecordView }[]
  readonly ends: EndOfPartition[]
  readonly errors: PartitionError[]
}

export function nothingSeen(): Seen {
  return { records: [], ends: [], errors: [] }
}

/** Polls until `isEnough`, adds to `seen` and gives every record back. */
export async function pollUntil(consumer: BatchConsumer, seen: Seen, isEnough: () => boolean): Promise<void> {
  await pollWhole(
    consumer,
    isEnough,
    (fetched) => {
      for (const record of fetched.payload.records()) seen.records.push({ from: fetched, record })
      fetched.payload.release()
    },
    seen
  )
}

/** Polls until there are `count` records, and keeps their batches. */
export async function pollBatches(consumer: BatchConsumer, count: number): Promise<Fetched[]> {
  const batches: Fetched[] = []
  const records = (): number => batches.reduce((sum, { payload }) => sum + payload.count, 0)
  await pollWhole(
    consumer,
    () => records() >= count,
    (fetched) => batches.push(fetched),
    nothingSeen()
  )
  return batches
}

/**
 * The next `count` records from where an assigned partition is read, in one batch. A fetch may bring less of them, or a
 * poll may come in between: then they are read again.
 */
export async function pollOneBatch(
  consumer: BatchConsumer,
  from: TopicPartition & { readonly offset: number },
  count: number
): Promise<Fetched> {
  const deadline = Date.now() + GIVE_UP_MS
  for (let waitMs = 0; ; waitMs += 50) {
    await sleep(waitMs)
    const batches = await pollBatches(consumer, count)
    const [whole, ...others] = batches
    if (whole !== undefined && others.length === 0) return whole
    for (const { payload } of batches) payload.release()
    if (Date.now() > deadline) throw new Error(`always in several batches, the last time in ${batches.length}`)
    await consumer.seek(from, GIVE_UP_MS)
  }
}

async function pollWhole(
  consumer: BatchConsumer,
  isEnough: () => boolean,
  take: (fetched: Fetched) => void,
  seen: Seen
): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS
  while (!isEnough()) {
    if (Date.now() > deadline) throw new Error(`not seen within ${GIVE_UP_MS} ms: ${JSON.stringify(seen.errors)}`)
    const poll = await consumer.poll(MAX_BYTES, POLL_MS)
    poll.fetched.forEach(take)
    seen.ends.push(...poll.ends)
    seen.errors.push(...poll.errors)
  }
}

/** Polls without expecting anything for a while. */
export async function pollFor(consumer: BatchConsumer, seen: Seen, milliseconds: number): Promise<void> {
  const until = Date.now() + milliseconds
  await pollUntil(consumer, seen, () => Date.now() >= until)
}

/** Answers every rebalance at once, reading from the start, and remembers what is assigned. */
export function answerRebalances(consumer: BatchConsumer): {
  readonly assigned: Set<string>
  readonly log: Rebalance[]
} {
  const assigned = new Set<string>()
  const log: Rebalance[] = []
  consumer.rebalances.subscribe((rebalance) => {
    log.push(rebalance)
    if (rebalance.type === 'assign') {
      consumer.assign(rebalance.partitions.map((partition) => ({ ...partition, offset: 0 })))
      for (const partition of rebalance.partitions) assigned.add(partitionName(partition))
    } else {
      consumer.unassign(rebalance.partitions)
      for (const partition of rebalance.partitions) assigned.delete(partitionName(partition))
    }
  })
  return { assigned, log }
}

export function valuesOf(seen: Seen): string[] {
  return seen.records.map(({ record }) => Buffer.from(record.value ?? '').toString())
}
