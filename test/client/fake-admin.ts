import { Subject } from 'rxjs'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { partitionName, type TopicPartition } from '../../src/model/topic-partition.ts'
import { checkPartitions, checkPositions, checkTopics } from '../../src/client/check-arguments.ts'
import { clientClosed } from '../../src/client/client-errors.ts'
import type {
  ClientEvent,
  ClusterAdmin,
  ClusterDescription,
  CommitOffset,
  ConfigEntry,
  NewTopic,
  OffsetQuestion,
  TopicLookup
} from '../../src/client/types.ts'
import type { FakeCluster } from './fake-cluster.ts'

/** A ClusterAdmin over a FakeCluster. `unauthorized` topics can't be seen; `defaults` is the broker's configuration. */
export class FakeAdmin implements ClusterAdmin {
  readonly eventSubject = new Subject<ClientEvent>()
  readonly events = this.eventSubject.asObservable()
  readonly cluster: 'source' | 'target'
  readonly clusterId: string
  readonly unauthorized = new Set<string>()
  /** False: as before Kafka 2.8. */
  topicIds = true
  readonly defaults = new Map<string, string>()
  readonly #cluster: FakeCluster
  #closed = false

  constructor(cluster: FakeCluster, side: 'source' | 'target', clusterId = `fake-${side}`) {
    this.#cluster = cluster
    this.cluster = side
    this.clusterId = clusterId
  }

  async describeCluster(): Promise<ClusterDescription> {
    await this.#open()
    return { clusterId: this.clusterId, controllerId: 1, brokers: [{ id: 1, host: 'fake', port: 9092 }] }
  }

  async listTopics(): Promise<ReadonlyMap<string, number>> {
    await this.#open()
    return new Map([...this.#cluster.topics()].map(([name, { logs }]) => [name, logs.length]))
  }

  async describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicLookup>> {
    await this.#open()
    checkTopics(topics)
    return new Map(topics.map((topic) => [topic, this.#lookup(topic)]))
  }

  async describeTopicConfigs(
    topics: readonly string[]
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, ConfigEntry>>> {
    await this.#open()
    checkTopics(topics)
    return new Map(
      topics.map((topic) => {
        const own = this.#cluster.topics().get(topic)?.configs
        if (own === undefined) throw failed(`${topic} is missing`)
        const entries = new Map([...this.defaults].map(([name, value]) => [name, entry(value, false)]))
        for (const [name, value] of own) entries.set(name, entry(value, true))
        return [topic, entries]
      })
    )
  }

  async describeBrokerConfigs(_brokerId: number): Promise<ReadonlyMap<string, ConfigEntry>> {
    await this.#open()
    return new Map([...this.defaults].map(([name, value]) => [name, entry(value, false)]))
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    await this.#open()
    checkTopics(topics.map(({ topic }) => topic))
    for (const { topic, partitions, configs } of topics) {
      if (!this.#cluster.topics().has(topic)) this.#cluster.createTopic(topic, partitions, configs)
    }
  }

  async createNewTopic({ topic, partitions, configs }: NewTopic): Promise<'created' | 'exists'> {
    await this.#open()
    checkTopics([topic])
    if (this.#cluster.topics().has(topic)) return 'exists'
    this.#cluster.createTopic(topic, partitions, configs)
    return 'created'
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    await this.#open()
    checkTopics(topics)
    for (const topic of topics) this.#cluster.deleteTopic(topic)
  }

  async createPartitions(topic: string, partitions: number): Promise<void> {
    await this.#open()
    checkTopics([topic])
    const count = this.#cluster.topics().get(topic)?.logs.length
    if (count === undefined || count > partitions) throw failed(`${topic} can't grow to ${partitions} partitions`)
    this.#cluster.growTopic(topic, partitions)
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    question: OffsetQuestion
  ): Promise<ReadonlyMap<string, number | undefined>> {
    await this.#open()
    checkPartitions(partitions)
    return new Map(partitions.map((partition) => [partitionName(partition), this.#offset(partition, question)]))
  }

  async committedOffsets(
    groupId: string,
    partitions: readonly TopicPartition[]
  ): Promise<ReadonlyMap<string, CommitOffset>> {
    await this.#open()
    checkPartitions(partitions)
    const asked = new Set(partitions.map(partitionName))
    return new Map([...this.#cluster.committed(groupId)].filter(([name]) => asked.has(name)))
  }

  async commitOffsets(groupId: string, offsets: readonly CommitOffset[]): Promise<void> {
    await this.#open()
    checkPositions(offsets)
    this.#checkUnused(groupId)
    for (const offset of offsets) this.#cluster.commit(groupId, offset)
  }

  async deleteGroup(groupId: string): Promise<void> {
    await this.#open()
    this.#checkUnused(groupId)
    this.#cluster.deleteGroup(groupId)
  }

  async close(): Promise<void> {
    await Promise.resolve()
    this.#closed = true
    this.eventSubject.complete()
  }

  #checkUnused(groupId: string): void {
    if (this.#cluster.group(groupId).members.length === 0) return
    throw new MillraceError({ code: 'MR_GROUP_IN_USE', kind: 'refused', message: `group ${groupId} has members` })
  }

  #lookup(topic: string): TopicLookup {
    if (this.unauthorized.has(topic)) return { found: false, reason: 'unauthorized', text: 'not authorized' }
    const found = this.#cluster.topics().get(topic)
    if (found === undefined) return { found: false, reason: 'missing', text: 'unknown topic' }
    const partitions = found.logs.map(() => ({ leader: 1, replicas: 1, inSyncReplicas: 1 }))
    const internal = topic.startsWith('__')
    return {
      found: true,
      description: { topic, topicId: this.topicIds ? found.topicId : undefined, internal, partitions }
    }
  }

  #offset(partition: TopicPartition, question: OffsetQuestion): number | undefined {
    const log = this.#cluster.log(partition)
    if (question === 'earliest') return log.start
    if (question === 'latest' || question === 'highWatermark') return log.end
    return this.#cluster.offsetAt(partition, question)?.offset
  }

  /** As over a network: the answer never comes in the same turn. */
  async #open(): Promise<void> {
    await Promise.resolve()
    if (this.#closed) throw clientClosed({ cluster: this.cluster })
  }
}

function entry(value: string, isTopicOverride: boolean): ConfigEntry {
  return { value, isDefault: !isTopicOverride, isTopicOverride }
}

function failed(message: string): MillraceError {
  return new MillraceError({ code: 'MR_ADMIN_FAILED', kind: 'configuration', message })
}
