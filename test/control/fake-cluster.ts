import { NEVER } from 'rxjs'
import type {
  ClusterAdmin,
  ClusterDescription,
  CommitOffset,
  ConfigEntry,
  NewTopic,
  OffsetQuestion,
  TopicLookup
} from '../../src/client/types.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { partitionName, type TopicPartition } from '../../src/model/topic-partition.ts'

export interface FakePartition {
  logStart?: number
  /** Time of the record at each offset from `logStart` on. */
  times?: number[]
  /** End offset; default: behind the last of `times`. */
  end?: number
}

export interface FakeTopic {
  partitions: FakePartition[]
  /** Set on the topic. */
  configs?: Record<string, string>
  /** Absent: as before Kafka 2.8. */
  id?: string
}

/** Defaults of a cluster as DescribeConfigs of a broker of that version shows them. */
const COMMON = {
  'compression.type': 'producer',
  'default.replication.factor': '1',
  'log.cleaner.delete.retention.ms': '86400000',
  'log.cleaner.max.compaction.lag.ms': '9223372036854775807',
  'log.cleaner.min.cleanable.ratio': '0.5',
  'log.cleaner.min.compaction.lag.ms': '0',
  'log.cleanup.policy': 'delete',
  'log.index.interval.bytes': '4096',
  'log.index.size.max.bytes': '10485760',
  'log.message.timestamp.type': 'CreateTime',
  'log.retention.bytes': '-1',
  'log.retention.hours': '168',
  'log.roll.hours': '168',
  'log.roll.jitter.hours': '0',
  'log.segment.bytes': '1073741824',
  'message.max.bytes': '1048588',
  'min.insync.replicas': '1'
}

const LONG_MAX = '9223372036854775807'

export const BROKER_DEFAULTS = {
  '2.7': {
    ...COMMON,
    'log.message.format.version': '2.7-IV2',
    'log.message.timestamp.difference.max.ms': LONG_MAX
  },
  '3.9': {
    ...COMMON,
    'log.message.format.version': '3.0-IV1',
    'log.message.timestamp.difference.max.ms': LONG_MAX,
    'log.message.timestamp.before.max.ms': LONG_MAX,
    'log.message.timestamp.after.max.ms': LONG_MAX
  },
  '4.1': {
    ...COMMON,
    'log.message.timestamp.before.max.ms': LONG_MAX,
    'log.message.timestamp.after.max.ms': '3600000'
  }
} as const satisfies Record<string, Record<string, string>>

/** Topic-level names and what a topic of that cluster has when nothing is set. */
const TOPIC_DEFAULTS: Record<string, string> = {
  'cleanup.policy': 'log.cleanup.policy',
  'compression.type': 'compression.type',
  'delete.retention.ms': 'log.cleaner.delete.retention.ms',
  'max.message.bytes': 'message.max.bytes',
  'message.format.version': 'log.message.format.version',
  'message.timestamp.after.max.ms': 'log.message.timestamp.after.max.ms',
  'message.timestamp.before.max.ms': 'log.message.timestamp.before.max.ms',
  'message.timestamp.difference.max.ms': 'log.message.timestamp.difference.max.ms',
  'message.timestamp.type': 'log.message.timestamp.type',
  'min.insync.replicas': 'min.insync.replicas',
  'retention.bytes': 'log.retention.bytes',
  'segment.bytes': 'log.segment.bytes'
}

/** A cluster in memory behind the admin port: nothing but what the port shows. */
export class FakeCluster implements ClusterAdmin {
  readonly events = NEVER
  readonly cluster: 'source' | 'target'
  readonly topics = new Map<string, FakeTopic>()
  readonly commits = new Map<string, CommitOffset>()
  broker: Record<string, string>
  clusterId: string
  brokers = 1
  groupInUse = false
  configsForbidden = false
  unauthorized = new Set<string>()
  /** How many describes a new topic stays invisible for. */
  invisibleFor = 0
  /** Calls that changed something. */
  readonly changes: string[] = []

  constructor(cluster: 'source' | 'target', version: keyof typeof BROKER_DEFAULTS = '3.9') {
    this.cluster = cluster
    this.clusterId = `id-of-${cluster}`
    this.broker = { ...BROKER_DEFAULTS[version] }
  }

  topic(name: string, partitions: FakePartition[] = [{}], configs: Record<string, string> = {}): this {
    this.topics.set(name, { partitions, configs })
    return this
  }

  commit(topic: string, partition: number, offset: number): this {
    this.commits.set(partitionName({ topic, partition }), { topic, partition, offset })
    return this
  }

  async describeCluster(): Promise<ClusterDescription> {
    const brokers = Array.from({ length: this.brokers }, (_, id) => ({ id, host: '127.0.0.1', port: 9092 + id }))
    return { clusterId: this.clusterId, controllerId: 0, brokers }
  }

  async listTopics(): Promise<ReadonlyMap<string, number>> {
    return new Map([...this.topics].map(([name, { partitions }]) => [name, partitions.length]))
  }

  async describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicLookup>> {
    const visible = this.invisibleFor <= 0
    this.invisibleFor--
    return new Map(topics.map((name) => [name, this.#lookup(name, visible)]))
  }

  #lookup(topic: string, visible: boolean): TopicLookup {
    const found = this.topics.get(topic)
    if (found === undefined || !visible) {
      const reason = this.unauthorized.has(topic) ? 'unauthorized' : 'missing'
      return { found: false, reason, text: reason }
    }
    const partitions = found.partitions.map(() => ({ leader: 0, replicas: 1, inSyncReplicas: 1 }))
    return { found: true, description: { topic, topicId: found.id, internal: false, partitions } }
  }

  async describeTopicConfigs(
    topics: readonly string[]
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, ConfigEntry>>> {
    this.#checkAllowed()
    return new Map(
      topics.map((name) => {
        const defaults = Object.entries(TOPIC_DEFAULTS).flatMap(([topicName, brokerName]) => {
          const value = this.broker[brokerName]
          return value === undefined ? [] : [[topicName, value] as const]
        })
        const hours = Number(this.broker['log.retention.hours'])
        const values = {
          ...Object.fromEntries(defaults),
          'retention.ms': this.broker['log.retention.ms'] ?? String(hours * 3_600_000),
          ...this.topics.get(name)?.configs
        }
        return [name, entries(values)]
      })
    )
  }

  async describeBrokerConfigs(): Promise<ReadonlyMap<string, ConfigEntry>> {
    this.#checkAllowed()
    const described = new Map(entries(this.broker))
    described.set('log.retention.minutes', { value: null, isDefault: true, isTopicOverride: false })
    return described
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    for (const { topic, partitions, configs } of topics) {
      this.changes.push(`create ${topic} ${partitions}`)
      if (this.topics.has(topic)) continue
      this.topic(
        topic,
        Array.from({ length: partitions }, () => ({})),
        { ...configs }
      )
    }
  }

  async createNewTopic(topic: NewTopic): Promise<'created' | 'exists'> {
    if (this.topics.has(topic.topic)) return 'exists'
    await this.createTopics([topic])
    return 'created'
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      this.changes.push(`delete ${topic}`)
      this.topics.delete(topic)
    }
  }

  async deleteGroup(groupId: string): Promise<void> {
    this.changes.push(`delete group ${groupId}`)
    this.commits.clear()
  }

  async createPartitions(topic: string, partitions: number): Promise<void> {
    this.changes.push(`grow ${topic} ${partitions}`)
    const found = this.topics.get(topic)
    while (found !== undefined && found.partitions.length < partitions) found.partitions.push({})
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    question: OffsetQuestion
  ): Promise<ReadonlyMap<string, number | undefined>> {
    return new Map(partitions.map((of) => [partitionName(of), this.#offset(of, question)]))
  }

  #offset({ topic, partition }: TopicPartition, question: OffsetQuestion): number | undefined {
    const of = this.topics.get(topic)?.partitions[partition]
    if (of === undefined) return undefined
    const { logStart = 0, times = [] } = of
    if (question === 'earliest') return logStart
    if (question === 'latest' || question === 'highWatermark') return of.end ?? logStart + times.length
    const index = times.findIndex((time) => time >= question)
    return index < 0 ? undefined : logStart + index
  }

  async committedOffsets(_: string, partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, CommitOffset>> {
    return new Map(
      partitions.flatMap((of) => {
        const commit = this.commits.get(partitionName(of))
        return commit === undefined ? [] : [[partitionName(of), commit]]
      })
    )
  }

  async commitOffsets(groupId: string, offsets: readonly CommitOffset[]): Promise<void> {
    if (this.groupInUse) {
      throw new MillraceError({ code: 'MR_GROUP_IN_USE', kind: 'refused', message: `group ${groupId} has members` })
    }
    this.changes.push(`commit ${offsets.map((of) => `${partitionName(of)}@${of.offset}`).join(' ')}`)
    for (const { topic, partition, offset } of offsets) this.commit(topic, partition, offset)
  }

  async close(): Promise<void> {}

  #checkAllowed(): void {
    if (!this.configsForbidden) return
    throw new MillraceError({ code: 'MR_ADMIN_FAILED', kind: 'authorisation', message: 'not allowed' })
  }
}

function entries(values: Record<string, string>): ReadonlyMap<string, ConfigEntry> {
  return new Map(
    Object.entries(values).map(([name, value]) => [name, { value, isDefault: true, isTopicOverride: false }])
  )
}
