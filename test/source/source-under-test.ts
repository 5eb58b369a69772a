import type { Subscription } from 'rxjs'
import type { PartitionError } from '../../src/client/types.ts'
import type { Batch } from '../../src/model/batch.ts'
import type { TopicPartition } from '../../src/model/topic-partition.ts'
import { batchSource } from '../../src/source/batch-source.ts'
import type { BatchSourceOptions } from '../../src/source/batch-source.ts'
import { Demand } from '../../src/source/demand.ts'
import type { PartitionReader } from '../../src/source/partition-reader.ts'
import { Readers } from '../../src/source/readers.ts'
import type { Side } from '../../src/telemetry/metrics/limit-clock.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'

export interface SourceUnderTest {
  readonly cluster: FakeCluster
  readonly consumer: FakeConsumer
  readonly readers: Readers
  readonly demand: Demand
  /** What came out and is not settled by `settle`. */
  readonly out: Batch[]
  readonly errors: unknown[]
  readonly partitionErrors: PartitionError[]
  readonly calls: string[]
  readonly subscription: Subscription
  readonly full: Set<number>
  readonly polls: () => number
  readonly handedOut: () => number
  /** What the clock of limits was told. */
  readonly spent: readonly (readonly [Side, number])[]
  add(partition: number, offset?: number): PartitionReader
  /** Settles and frees everything that is out (of one partition). */
  settle(partition?: number): Batch[]
  whenEnded(): Promise<void>
}

/** A source over partitions of `orders` in memory, whose batches stay out until they are settled. */
export function startSource(
  limit: number,
  options: Partial<BatchSourceOptions> & { readonly partitions?: number } = {}
): SourceUnderTest {
  const cluster = new FakeCluster()
  cluster.createTopic('orders', options.partitions ?? 2)
  const consumer = new FakeConsumer(cluster, 'copy')
  const demand = new Demand(limit)
  const readers = new Readers(demand)
  const out: Batch[] = []
  const errors: unknown[] = []
  const partitionErrors: PartitionError[] = []
  const calls: string[] = []
  const full = new Set<number>()
  let polls = 0
  let handedOut = 0
  const spent: (readonly [Side, number])[] = []
  let ended: () => void = () => undefined
  const end = new Promise<void>((resolve) => (ended = resolve))
  const poll = consumer.poll.bind(consumer)
  consumer.poll = async (maxBytes, timeoutMs) => {
    polls += 1
    return await poll(maxBytes, timeoutMs)
  }
  for (const name of ['pause', 'resume'] as const) {
    const call = consumer[name].bind(consumer)
    consumer[name] = (partitions: readonly TopicPartition[]) => {
      for (const { partition } of partitions) calls.push(`${name} ${partition}`)
      call(partitions)
    }
  }
  const stream = batchSource(consumer, readers, demand, {
    pollBytes: 4000,
    pollTimeoutMs: 5,
    maxHoldMs: 40,
    pauseAfterMs: 150,
    seekTimeoutMs: 1000,
    targetIsFull: ({ partition }) => full.has(partition),
    clock: { spent: (side, now) => spent.push([side, now]) },
    onHandedOut: () => (handedOut += 1),
    onPartitionError: (error) => partitionErrors.push(error),
    onEnd: ended,
    ...options
  })
  const subscription = stream.subscribe({ next: (batch) => out.push(batch), error: (error) => errors.push(error) })
  return {
    cluster,
    consumer,
    readers,
    demand,
    out,
    errors,
    partitionErrors,
    calls,
    subscription,
    full,
    polls: () => polls,
    handedOut: () => handedOut,
    spent,
    add: (partition, offset = 0) => {
      const reader = readers.add({ topic: 'orders', partition, offset })
      consumer.assign([{ topic: 'orders', partition, offset }])
      return reader
    },
    settle: (partition) => {
      const settled = out.filter(({ source }) => partition === undefined || source.partition === partition)
      for (const batch of settled) {
        out.splice(out.indexOf(batch), 1)
        batch.payload?.release()
        batch.settle({ delivered: batch.count, altered: 0, runs: [] })
      }
      return settled
    },
    whenEnded: async () => await end
  }
}

/** `count` records of about 600 B each as demand sees them. */
export function fillSource(cluster: FakeCluster, partition: number, count: number): void {
  cluster.append('orders', partition, ...Array.from({ length: count }, () => ({ value: 'x'.repeat(88) })))
}

export const RECORD = 600

export const sleep = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms))

export async function until(what: string, condition: () => boolean, timeoutMs = 4000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await sleep(2)
  }
}
