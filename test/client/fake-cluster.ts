import type { RecordView } from '../../src/model/batch.ts'
import { nextOffset } from '../../src/model/offset.ts'
import { partitionName, type PartitionOffset, type TopicPartition } from '../../src/model/topic-partition.ts'
import type { CommitOffset } from '../../src/client/types.ts'
import { FakeGroup } from './fake-group.ts'

export interface FakeRecord {
  readonly key?: string | Uint8Array | null
  readonly value?: string | Uint8Array | null
  readonly timestamp?: number
  readonly headers?: RecordView['headers']
}

export interface FakeLog {
  readonly records: RecordView[]
  start: number
  end: number
}

interface FakeTopic {
  topicId: string
  readonly logs: FakeLog[]
  readonly configs: Map<string, string>
}

/**
 * A Kafka cluster in memory: topics with records at offsets, groups with commits.
 *
 * Invariant: the records of a log are in offset order, inside [start, end); offsets without a record are holes, as
 * control records and compaction leave them.
 */
export class FakeCluster {
  readonly #topics = new Map<string, FakeTopic>()
  readonly #groups = new Map<string, FakeGroup>()
  readonly #commits = new Map<string, Map<string, CommitOffset>>()
  #waiting: (() => void)[] = []
  #topicIds = 0

  createTopic(topic: string, partitions: number, configs: Readonly<Record<string, string>> = {}): void {
    if (this.#topics.has(topic)) throw new Error(`${topic} exists`)
    const logs = Array.from({ length: partitions }, (): FakeLog => ({ records: [], start: 0, end: 0 }))
    this.#topics.set(topic, {
      topicId: `topic-id-${++this.#topicIds}`,
      logs,
      configs: new Map(Object.entries(configs))
    })
    this.changed()
  }

  deleteTopic(topic: string): void {
    this.#topics.delete(topic)
    this.changed()
  }

  growTopic(topic: string, partitions: number): void {
    const { logs } = this.#topic(topic)
    while (logs.length < partitions) logs.push({ records: [], start: 0, end: 0 })
    for (const group of this.#groups.values()) group.rebalance()
    this.changed()
  }

  /** Appends records and returns the offset of the first. */
  append(topic: string, partition: number, ...records: readonly FakeRecord[]): number {
    const log = this.log({ topic, partition })
    const first = log.end
    for (const record of records) {
      log.records.push({
        offset: log.end,
        timestamp: record.timestamp ?? 1_700_000_000_000 + log.end,
        key: bytesOf(record.key),
        value: bytesOf(record.value),
        headers: record.headers ?? []
      })
      log.end = nextOffset(log.end)
    }
    this.changed()
    return first
  }

  /** Leaves a hole of `count` offsets, such as control records. */
  skip(topic: string, partition: number, count: number): void {
    this.log({ topic, partition }).end += count
    this.changed()
  }

  /** Retention: offsets below `start` are gone. */
  removeBefore(topic: string, partition: number, start: number): void {
    const log = this.log({ topic, partition })
    log.start = start
    log.records.splice(0, log.records.filter(({ offset }) => offset < start).length)
    this.changed()
  }

  topics(): ReadonlyMap<string, FakeTopic> {
    return this.#topics
  }

  log({ topic, partition }: TopicPartition): FakeLog {
    const log = this.#topic(topic).logs[partition]
    if (log === undefined) throw new Error(`no partition ${topic}-${partition}`)
    return log
  }

  records(topic: string, partition: number): readonly RecordView[] {
    return this.log({ topic, partition }).records
  }

  group(groupId: string): FakeGroup {
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      group = new FakeGroup((topic) => this.#topics.get(topic)?.logs.length ?? 0)
      this.#groups.set(groupId, group)
    }
    return group
  }

  commit(groupId: string, offset: CommitOffset): void {
    const commits = this.#commits.get(groupId) ?? new Map<string, CommitOffset>()
    this.#commits.set(groupId, commits)
    commits.set(partitionName(offset), offset)
  }

  committed(groupId: string): ReadonlyMap<string, CommitOffset> {
    return this.#commits.get(groupId) ?? new Map()
  }

  deleteGroup(groupId: string): void {
    this.#groups.delete(groupId)
    this.#commits.delete(groupId)
  }

  /** Where a read at or after `timestamp` starts. */
  offsetAt(partition: TopicPartition, timestamp: number): PartitionOffset | undefined {
    const offset = this.log(partition).records.find((record) => record.timestamp >= timestamp)?.offset
    return offset === undefined ? undefined : { ...partition, offset }
  }

  changed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  /** Resolves when something changes, at the latest after `timeoutMs`. */
  async change(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #topic(topic: string): FakeTopic {
    const found = this.#topics.get(topic)
    if (found === undefined) throw new Error(`no topic ${topic}`)
    return found
  }
}

function bytesOf(value: string | Uint8Array | null | undefined): Uint8Array | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? Buffer.from(value) : value
}
