import type { Observable } from 'rxjs'
import { MillraceError, type ErrorPlace } from '../model/millrace-error.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'
import { AdminRequests, GROUP_IN_USE, type AdminRequestParts } from './admin-requests.ts'
import { checkPartitions, checkPositions, checkTopics } from './check-arguments.ts'
import { failureOf, rdkafkaError } from './client-errors.ts'
import { pause } from './connect-handle.ts'
import { ErrorCode, errorName } from './error-codes.ts'
import { configEntries, topicLookup } from './topic-lookup.ts'
import type {
  ClientEvent,
  ClusterAdmin,
  ClusterDescription,
  CommitOffset,
  ConfigEntry,
  NewTopic,
  OffsetQuestion,
  TopicLookup
} from './types.ts'

const RETRY_AFTER_MS = 100
const EARLIEST = -2
const LATEST = -1

/** Administration of a cluster through librdkafka's Admin API. */
export class KafkaAdmin implements ClusterAdmin {
  readonly cluster: 'source' | 'target'
  readonly events: Observable<ClientEvent>
  readonly #requests: AdminRequests
  readonly #place: ErrorPlace

  constructor(parts: AdminRequestParts) {
    this.cluster = parts.cluster
    this.events = parts.events.stream
    this.#requests = new AdminRequests(parts)
    this.#place = this.#requests.place
  }

  async describeCluster(): Promise<ClusterDescription> {
    const what = 'the cluster could not be described'
    return this.#requests.send('describeCluster', await this.#requests.answeringBroker(what), what)
  }

  async listTopics(): Promise<ReadonlyMap<string, number>> {
    const metadata = await this.#requests.metadata(true, 'topics could not be listed')
    return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]))
  }

  async describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicLookup>> {
    checkTopics(topics)
    if (topics.length === 0) return new Map()
    const what = 'topics could not be described'
    const answers = await this.#requests.send(
      'describeTopics',
      { topics, ...(await this.#requests.answeringBroker(what)) },
      what
    )
    return new Map(answers.map((answer) => [answer.topic, topicLookup(answer)]))
  }

  async describeTopicConfigs(
    topics: readonly string[]
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, ConfigEntry>>> {
    checkTopics(topics)
    if (topics.length === 0) return new Map()
    const resources = topics.map((name) => ({ type: 'topic' as const, name }))
    const answers = await this.#requests.send(
      'describeConfigs',
      { resources },
      'topic configurations could not be read'
    )
    for (const { name, code, text } of answers) this.#check(code, text, `the configuration of ${name}`, { topic: name })
    return new Map(answers.map(({ name, entries }) => [name, configEntries(entries)]))
  }

  async describeBrokerConfigs(brokerId: number): Promise<ReadonlyMap<string, ConfigEntry>> {
    const resources = [{ type: 'broker' as const, name: String(brokerId) }]
    const what = `the configuration of broker ${brokerId} could not be read`
    const [answer] = await this.#requests.send('describeConfigs', { resources }, what)
    if (answer !== undefined) this.#check(answer.code, answer.text, what, { broker: String(brokerId) })
    return configEntries(answer?.entries ?? [])
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    checkTopics(topics.map(({ topic }) => topic))
    if (topics.length === 0) return
    const answers = await this.#requests.send('createTopics', { topics }, 'topics could not be created')
    for (const { topic, code, text } of answers) {
      if (code !== ErrorCode.topicAlreadyExists) this.#check(code, text, `${topic} could not be created`, { topic })
    }
    const names = topics.map(({ topic }) => topic)
    await this.#until(
      async () => [...(await this.describeTopics(names)).values()].every((lookup) => hasLeaders(lookup, 1)),
      'the created topics did not become visible'
    )
  }

  async createNewTopic(topic: NewTopic): Promise<'created' | 'exists'> {
    checkTopics([topic.topic])
    const what = `${topic.topic} could not be created`
    const [answer] = await this.#requests.send('createTopics', { topics: [topic] }, what)
    if (answer?.code === ErrorCode.topicAlreadyExists) return 'exists'
    this.#check(answer?.code ?? 0, answer?.text ?? '', what, { topic: topic.topic })
    return 'created'
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    checkTopics(topics)
    if (topics.length === 0) return
    const answers = await this.#requests.send('deleteTopics', { topics }, 'topics could not be deleted')
    for (const { topic, code, text } of answers) {
      if (code !== ErrorCode.unknownTopicOrPartition)
        this.#check(code, text, `${topic} could not be deleted`, { topic })
    }
    await this.#until(
      async () => [...(await this.describeTopics(topics)).values()].every((lookup) => isMissing(lookup)),
      'the deleted topics did not disappear'
    )
  }

  async createPartitions(topic: string, partitions: number): Promise<void> {
    checkTopics([topic])
    const what = `${topic} could not grow to ${partitions} partitions`
    const [answer] = await this.#requests.send('createPartitions', { topic, partitions }, what)
    const code = answer?.code ?? 0
    if (code === ErrorCode.invalidPartitions) {
      const lookup = (await this.describeTopics([topic])).get(topic)
      if (lookup?.found === true && lookup.description.partitions.length === partitions) return
    }
    this.#check(code, answer?.text ?? '', what, { topic })
    await this.#until(
      async () => hasLeaders((await this.describeTopics([topic])).get(topic), partitions),
      `the new partitions of ${topic} did not become visible`
    )
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    question: OffsetQuestion
  ): Promise<ReadonlyMap<string, number | undefined>> {
    checkPartitions(partitions)
    if (partitions.length === 0) return new Map()
    const offset = question === 'earliest' ? EARLIEST : typeof question === 'number' ? question : LATEST
    const asked = partitions.map(({ topic, partition }) => ({ topic, partition, offset }))
    const isolation = question === 'highWatermark' ? ('read_uncommitted' as const) : ('read_committed' as const)
    const args = { partitions: asked, isolation }
    // A partition whose leader is moving has no answer for a moment.
    const answers = await this.#requests.retrying('listOffsets', args, 'offsets could not be listed')
    for (const { topic, partition, code } of answers) {
      this.#check(code, errorName(code), 'the offset could not be read', { topic, partition })
    }
    return new Map(answers.map((answer) => [partitionName(answer), answer.offset < 0 ? undefined : answer.offset]))
  }

  async committedOffsets(
    groupId: string,
    partitions: readonly TopicPartition[]
  ): Promise<ReadonlyMap<string, CommitOffset>> {
    checkPartitions(partitions)
    this.#requests.checkGroup(groupId)
    if (partitions.length === 0) return new Map()
    const what = `the offsets of group ${groupId} could not be read`
    const asked = partitions.map(({ topic, partition }) => ({ topic, partition }))
    const answers = await this.#requests.retrying('listConsumerGroupOffsets', { groupId, partitions: asked }, what)
    const committed = new Map<string, CommitOffset>()
    for (const { topic, partition, offset, leaderEpoch, metadata, code, name } of answers) {
      this.#check(code, name, what, { topic, partition })
      if (offset < 0) continue
      const epoch = leaderEpoch < 0 ? {} : { leaderEpoch }
      committed.set(partitionName({ topic, partition }), { topic, partition, offset, ...epoch, metadata })
    }
    return committed
  }

  async commitOffsets(groupId: string, offsets: readonly CommitOffset[]): Promise<void> {
    checkPositions(offsets)
    this.#requests.checkGroup(groupId)
    if (offsets.length === 0) return
    const what = `the offsets of group ${groupId} could not be set`
    // A group without members may have no coordinator yet.
    const answers = await this.#requests
      .retrying('alterConsumerGroupOffsets', { groupId, offsets }, what)
      .catch((error) => {
        const name = error instanceof MillraceError ? errorName(failureOf(error.cause).code) : ''
        throw GROUP_IN_USE.includes(name) ? groupInUse(groupId, this.#place) : error
      })
    for (const { topic, partition, code, name } of answers) {
      if (GROUP_IN_USE.includes(name)) throw groupInUse(groupId, this.#place)
      this.#check(code, name, what, { topic, partition })
    }
  }

  async deleteGroup(groupId: string): Promise<void> {
    this.#requests.checkGroup(groupId)
    const what = `group ${groupId} could not be deleted`
    const answers = await this.#requests.retrying('deleteGroup', { groupId }, what)
    for (const { code, name, text } of answers) {
      if (GROUP_IN_USE.includes(name)) throw groupInUse(groupId, this.#place)
      if (code !== ErrorCode.groupIdNotFound) this.#check(code, text, what, {})
    }
  }

  async close(): Promise<void> {
    await this.#requests.close()
  }

  #check(code: number, text: string, what: string, place: ErrorPlace): void {
    if (code !== 0) throw rdkafkaError('MR_ADMIN_FAILED', what, { code, text }, { ...this.#place, ...place })
  }

  /** Creation is answered by the controller; the other brokers learn of it a little later. */
  async #until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
    const deadline = Date.now() + this.#requests.timeoutMs
    while (!(await isSo())) {
      if (Date.now() >= deadline) {
        throw new MillraceError({ code: 'MR_ADMIN_FAILED', kind: 'retry', message: otherwise, place: this.#place })
      }
      await pause(RETRY_AFTER_MS)
    }
  }
}

function hasLeaders(lookup: TopicLookup | undefined, atLeast: number): boolean {
  if (lookup?.found !== true) return false
  const { partitions } = lookup.description
  return partitions.length >= atLeast && partitions.every(({ leader }) => leader >= 0)
}

function isMissing(lookup: TopicLookup): boolean {
  return !lookup.found && lookup.reason === 'missing'
}

function groupInUse(groupId: string, place: ErrorPlace): MillraceError {
  return new MillraceError({
    code: 'MR_GROUP_IN_USE',
    kind: 'refused',
    message: `group ${groupId} has members, so it and its offsets can't be changed from outside`,
    next: 'Stop what reads with this group, or choose another group.',
    place
  })
}
