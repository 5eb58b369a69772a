import { partitionName } from '../../src/model/topic-partition.ts'
import type { TopicPartition } from '../../src/model/topic-partition.ts'
import type { AuditEntry } from '../../src/model/audit-entry.ts'
import type { BadRecordRules } from '../../src/pipeline/bad-records.ts'
import { Mirror } from '../../src/pipeline/mirror.ts'
import type { MirrorOptions } from '../../src/pipeline/mirror.ts'
import type { PreparedPartition } from '../../src/pipeline/types.ts'
import type { MirrorEvent } from '../../src/telemetry/events.ts'
import type { FakeCluster } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'
import { FakeProducer } from '../client/fake-producer.ts'

export const GROUP = 'copy'

export interface MirrorSetting {
  readonly source: FakeCluster
  readonly target: FakeCluster
  readonly options?: Partial<MirrorOptions>
  readonly badRecords?: Partial<BadRecordRules>
  /** Changes what is prepared for a partition. */
  readonly prepared?: (partition: PreparedPartition) => PreparedPartition
  /** Sets up each producer before it is used. */
  readonly onProducer?: (producer: FakeProducer) => void
}

export interface MirrorUnderTest {
  readonly mirror: Mirror
  readonly consumer: FakeConsumer
  /** The newest last. */
  readonly producers: FakeProducer[]
  readonly events: MirrorEvent[]
  readonly failures: unknown[]
  readonly audited: AuditEntry[]
}

/** A mirror between two clusters in memory that begins at the commit, else at the first record. */
export function startMirror(setting: MirrorSetting, topics: readonly string[] = ['orders']): MirrorUnderTest {
  const { source, target, prepared = (partition) => partition, onProducer = () => undefined } = setting
  const consumer = new FakeConsumer(source, GROUP)
  const producers: FakeProducer[] = []
  const createProducer = async () => {
    await Promise.resolve()
    const producer = new FakeProducer(target)
    onProducer(producer)
    producers.push(producer)
    return producer
  }
  const createAside = async () => {
    await Promise.resolve()
    const producer = new FakeProducer(target)
    producer.gapless = false
    onProducer(producer)
    return producer
  }
  const audited: AuditEntry[] = []
  const first = new FakeProducer(target)
  onProducer(first)
  producers.push(first)
  const events: MirrorEvent[] = []
  const failures: unknown[] = []
  const mirror = new Mirror(consumer, first, {
    policy: 'same',
    inFlightBytes: 1_000_000,
    pollBytes: 100_000,
    pollTimeoutMs: 5,
    commitIntervalMs: 20,
    drainTimeoutMs: 2000,
    prepare: async (partitions) => {
      await Promise.resolve()
      return partitions.map((partition) => prepared(preparedAt(source, target, partition)))
    },
    createProducer,
    badRecords: {
      job: 'copy',
      policyOf: () => 'stop',
      deadLetter: { topic: 'copy-dead-letter' },
      audit: async (entries) => {
        await Promise.resolve()
        audited.push(...entries)
      },
      limitsOf: async () => await Promise.resolve(new Map()),
      createAside,
      ...setting.badRecords
    },
    onEvent: (event) => events.push(event),
    onClientEvent: () => undefined,
    onFailed: (error) => failures.push(error),
    ...setting.options
  })
  mirror.start()
  mirror.subscribe(topics)
  return { mirror, consumer, producers, events, failures, audited }
}

function preparedAt(source: FakeCluster, target: FakeCluster, { topic, partition }: TopicPartition): PreparedPartition {
  const committed = source.committed(GROUP).get(partitionName({ topic, partition }))?.offset
  const targetPartitions = target.topics().get(topic)?.logs.length ?? 0
  const start = committed ?? source.log({ topic, partition }).start
  return { topic, partition, target: topic, targetPartitions, start, committed: committed !== undefined }
}

/** The values of a partition's records, which say where they come from. */
export function valuesOf(cluster: FakeCluster, topic: string, partition: number): string[] {
  return cluster.records(topic, partition).map(({ value }) => Buffer.from(value ?? []).toString())
}

export function committedOf(source: FakeCluster, topic: string, partition: number): number | undefined {
  return source.committed(GROUP).get(partitionName({ topic, partition }))?.offset
}

/** `count` records whose values number them. */
export function fill(cluster: FakeCluster, topic: string, partition: number, count: number): void {
  const end = cluster.log({ topic, partition }).end
  const records = Array.from({ length: count }, (_, index) => ({ value: `${partition}:${end + index}` }))
  cluster.append(topic, partition, ...records)
}

/** Waits until `condition` holds; fails with what it was about. */
export async function until(what: string, condition: () => boolean, timeoutMs = 5000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export function eventsOf<T extends MirrorEvent['type']>(
  { events }: MirrorUnderTest,
  type: T
): (MirrorEvent & { readonly type: T })[] {
  return events.filter((event): event is MirrorEvent & { readonly type: T } => event.type === type)
}
