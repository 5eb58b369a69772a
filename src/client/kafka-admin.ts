import type { Observable } from 'rxjs'
import { MillraceError, type ErrorPlace } from '../model/millrace-error.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'
import type { Addon, AddonAdmin, AddonProducer } from './addon-types.ts'
import { checkPartitions, checkPositions, checkTopics } from './check-arguments.ts'
import { addonError, clientClosed, failureOf, rdkafkaError } from './client-errors.ts'
import type { ClientEvents } from './client-events.ts'
import { closeHandle, readMetadata } from './connect-handle.ts'
import { ErrorCode, errorKind, errorName } from './error-codes.ts'
import type { NativeMetadata, NativeProducer } from './node-rdkafka-binding.ts'
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

export interface KafkaAdminParts {
  readonly handle: NativeProducer
  /** Attached only so that its thread serves the handle's events; nothing is sent. */
  readonly pump: AddonProducer
  readonly addon: Addon
  readonly events: ClientEvents
  readonly cluster: 'source' | 'target'
  readonly requestTimeoutMs: number
}

const RETRY_AFTER_MS = 100
const EARLIEST = -2
const LATEST = -1

/** What brokers answer when the group still has members. */
const GROUP_IN_USE = ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS', 'NON_EMPTY_GROUP']

/**
 * librdkafka's Admin API on a handle of its own.
 *
 * Invariant: `#running` counts the calls that use the handle; it is disconnected only when there is none.
 */
export class KafkaAdmin implements ClusterAdmin {
  readonly cluster: 'source' | 'target'
  readonly events: Observable<ClientEvent>
  readonly #parts: KafkaAdminParts
  readonly #place: ErrorPlace
  readonly #running = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor(parts: KafkaAdminParts) {
    this.#parts = parts
    this.cluster = parts.cluster
    this.#place = { cluster: parts.cluster }
    this.events = parts.events.stream
  }

  async describeCluster(): Promise<ClusterDescription> {
    const what = 'the cluster could not be described'
    return this.#request('describeCluster', await this.#answeringBroker(what), what)
  }

  async listTopics(): Promise<ReadonlyMap<string, number>> {
    const metadata = await this.#metadata(true, 'topics could not be listed')
    return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]))
  }

  async describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicLookup>> {
    checkTopics(topics)
    if (topics.length === 0) return new Map()
    const what = 'topics could not be described'
    const answers = await this.#request('describeTopics', { topics, ...(await this.#answeringBroker(what)) }, what)
    return new Map(answers.map((answer) => [answer.topic, topicLookup(answer)]))
  }

  async describeTopicConfigs(
    topics: readonly string[]
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, ConfigEntry>>> {
    checkTopics(topics)
    if (topics.length === 0) return new Map()
    const resources = topics.map((name) => ({ type: 'topic' as const, name }))
    const answers = await this.#request('describeConfigs', { resources }, 'topic configurations could not be read')
    for (const { name, code, text } of answers) this.#check(code, text, `the configuration of ${name}`, { topic: name })
    return new Map(answers.map(({ name, entries }) => [name, configEntries(entries)]))
  }

  async describeBrokerConfigs(brokerId: number): Promise<ReadonlyMap<string, ConfigEntry>> {
    const resources = [{ type: 'broker' as const, name: String(brokerId) }]
    const what = `the configuration of broker ${brokerId} could not be read`
    const [answer] = await this.#request('describeConfigs', { resources }, what)
    if (answer !== undefined) this.#check(answer.code, answer.text, what, { broker: String(brokerId) })
    return configEntries(answer?.entries ?? [])
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    checkTopics(topics.map(({ topic }) => topic))
    if (topics.length === 0) return
    const answers = await this.#request('createTopics', { topics }, 'topics could not be created')
    for (const { topic, code, text } of answers) {
      if (code !== ErrorCode.topicAlreadyExists) this.#check(code, text, `${topic} could not be created`, { topic })
    }
    const names = topics.map(({ topic }) => topic)
    await this.#until(
      async () => [...(await this.describeTopics(names)).values()].every((lookup) => hasLeaders(lookup, 1)),
      'the created topics did not become visible'
    )
  }

  async createPartitions(topic: string, partitions: number): Promise<void> {
    checkTopics([topic])
    const what = `${topic} could not grow to ${partitions} partitions`
    const [answer] = await this.#request('createPartitions', { topic, partitions }, what)
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
    const offset = question === 'earliest' ? EARLIEST : question === 'latest' ? LATEST : question
    const asked = partitions.map(({ topic, partition }) => ({ topic, partition, offset }))
    const args = { partitions: asked, isolation: 'read_committed' as const }
    // A partition whose leader is moving has no answer for a moment.
    const answers = await this.#retrying('listOffsets', args, 'offsets could not be listed')
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
    if (partitions.length === 0) return new Map()
    const what = `the offsets of group ${groupId} could not be read`
    const asked = partitions.map(({ topic, partition }) => ({ topic, partition }))
    const answers = await this.#retrying('listConsumerGroupOffsets', { groupId, partitions: asked }, what)
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
    if (offsets.length === 0) return
    const what = `the offsets of group ${groupId} could not be set`
    // A group without members may have no coordinator yet.
    const answers = await this.#retrying('alterConsumerGroupOffsets', { groupId, offsets }, what).catch((error) => {
      const name = error instanceof MillraceError ? errorName(failureOf(error.cause).code) : ''
      throw GROUP_IN_USE.includes(name) ? groupInUse(groupId, this.#place) : error
    })
    for (const { topic, partition, code, name } of answers) {
      if (GROUP_IN_USE.includes(name)) throw groupInUse(groupId, this.#place)
      this.#check(code, name, what, { topic, partition })
    }
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#running)
    await new Promise<void>((resolve) => {
      this.#parts.pump.close(0, () => resolve())
    })
    await closeHandle(this.#parts.handle)
    this.#parts.events.complete()
  }

  /**
   * A broker that is there. Any can describe; librdkafka would go to the controller, which may just be elected or, in
   * a mock cluster, not exist.
   */
  async #answeringBroker(what: string): Promise<{ readonly brokerId?: number }> {
    const { orig_broker_id: answered, brokers } = await this.#metadata(false, what)
    const brokerId = answered >= 0 ? answered : brokers[0]?.id
    return brokerId === undefined ? {} : { brokerId }
  }

  async #metadata(allTopics: boolean, what: string): Promise<NativeMetadata> {
    const timeout = this.#parts.requestTimeoutMs
    try {
      return await this.#run(readMetadata(this.#openHandle(), { allTopics, timeout }))
    } catch (error) {
      if (error instanceof MillraceError) throw error
      throw rdkafkaError('MR_ADMIN_FAILED', what, failureOf(error), this.#place)
    }
  }

  async #request<K extends keyof AddonAdmin>(
    request: K,
    args: AddonAdmin[K][0],
    what: string
  ): Promise<AddonAdmin[K][1]> {
    const handle = this.#openHandle()
    const { addon, requestTimeoutMs } = this.#parts
    return this.#run(
      new Promise((resolve, reject) => {
        addon.admin(handle, request, args, requestTimeoutMs, (error, answer) => {
          if (answer !== undefined) resolve(answer)
          else reject(addonError('MR_ADMIN_FAILED', what, error ?? new Error('no answer'), this.#place))
        })
      })
    )
  }

  /** Asks again while any part of the answer is an error that passes. */
  async #retrying<K extends 'listOffsets' | 'listConsumerGroupOffsets' | 'alterConsumerGroupOffsets'>(
    request: K,
    args: AddonAdmin[K][0],
    what: string
  ): Promise<AddonAdmin[K][1]> {
    const deadline = Date.now() + this.#parts.requestTimeoutMs
    for (;;) {
      const answers: AddonAdmin[K][1] = await this.#request(request, args, what)
      if (!answers.some(({ code }) => isPassing(code)) || Date.now() >= deadline) return answers
      await delay(RETRY_AFTER_MS)
    }
  }

  async #run<T>(call: Promise<T>): Promise<T> {
    this.#running.add(call)
    try {
      return await call
    } finally {
      this.#running.delete(call)
    }
  }

  #openHandle(): NativeProducer {
    if (this.#closing !== undefined) throw clientClosed(this.#place)
    return this.#parts.handle
  }

  #check(code: number, text: string, what: string, place: ErrorPlace): void {
    if (code !== 0) throw rdkafkaError('MR_ADMIN_FAILED', what, { code, text }, { ...this.#place, ...place })
  }

  /** Creation is answered by the controller; the other brokers learn of it a little later. */
  async #until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
    const deadline = Date.now() + this.#parts.requestTimeoutMs
    while (!(await isSo())) {
      if (Date.now() >= deadline) {
        throw new MillraceError({ code: 'MR_ADMIN_FAILED', kind: 'retry', message: otherwise, place: this.#place })
      }
      await delay(RETRY_AFTER_MS)
    }
  }
}

function isPassing(code: number): boolean {
  return code !== 0 && errorKind(code) === 'retry' && !GROUP_IN_USE.includes(errorName(code))
}

function hasLeaders(lookup: TopicLookup | undefined, atLeast: number): boolean {
  if (lookup?.found !== true) return false
  const { partitions } = lookup.description
  return partitions.length >= atLeast && partitions.every(({ leader }) => leader >= 0)
}

function groupInUse(groupId: string, place: ErrorPlace): MillraceError {
  return new MillraceError({
    code: 'MR_GROUP_IN_USE',
    kind: 'refused',
    message: `group ${groupId} has members, so its offsets can't be set from outside`,
    next: 'Stop what reads with this group, or choose another group.',
    place
  })
}

async function delay(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
