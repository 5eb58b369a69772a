import { setTimeout as pause } from 'node:timers/promises'
import type { ClusterAdmin, NewTopic } from '../../client/types.ts'
import { MillraceError, describeError } from '../../model/millrace-error.ts'
import type { Leftover } from './bench-types.ts'

export interface ScratchSide {
  readonly admin: ClusterAdmin
  /** For the commands that delete what is left. */
  readonly bootstrapServers: string
}

interface OwnTopic {
  readonly side: ScratchSide
  readonly topic: string
  /** Undefined = not known (before Kafka 2.8, or not seen yet). */
  topicId: string | undefined
}

const RETRY_MS = 250

/**
 * What a benchmark makes on the clusters, and takes away again.
 *
 * Invariant: only topics that a strict creation of this object has made are ever deleted, and of those only the same
 * topic: one that was made again under the name by somebody else stays.
 */
export class Scratch {
  readonly #own: OwnTopic[] = []
  #group: { readonly side: ScratchSide; readonly groupId: string } | undefined

  /** Refuses when one of the topics is there; nothing is changed then. */
  async checkFree(topics: readonly (readonly [ScratchSide, string])[]): Promise<void> {
    for (const [{ admin }, topic] of topics) {
      const lookup = (await admin.describeTopics([topic])).get(topic)
      if (lookup?.found === true) throw topicExists(admin.cluster, topic)
    }
  }

  /** Makes the topic and waits until it can be used. */
  async create(side: ScratchSide, topic: NewTopic): Promise<void> {
    const { admin } = side
    const outcome = await admin.createNewTopic(topic).catch((error: unknown) => {
      throw creationError(error, admin.cluster, topic.topic)
    })
    if (outcome === 'exists') throw topicExists(admin.cluster, topic.topic)
    const own: OwnTopic = { side, topic: topic.topic, topicId: undefined }
    this.#own.push(own)
    // It is there, so this only waits for its leaders.
    await admin.createTopics([topic])
    own.topicId = await topicIdOf(admin, topic.topic)
  }

  /** From now on the group is ours to delete. */
  useGroup(side: ScratchSide, groupId: string): void {
    this.#group = { side, groupId }
  }

  /** Deletes all that was made. Never rejects; gives up when `deadline` aborts, and says what is left. */
  async clean(deadline: AbortSignal): Promise<readonly Leftover[]> {
    const topics = await Promise.all(this.#own.map(async (own) => await this.#deleteTopic(own, deadline)))
    // Once its topics are gone a group has no offsets left.
    const group = await this.#deleteGroup(deadline)
    return [...topics, group].filter((leftover) => leftover !== undefined)
  }

  async #deleteTopic({ side, topic, topicId }: OwnTopic, deadline: AbortSignal): Promise<Leftover | undefined> {
    const { admin, bootstrapServers } = side
    const why = await reasonOf(async () => {
      const now = topicId === undefined ? undefined : await topicIdOf(admin, topic)
      if (now !== undefined && now !== topicId) return
      await admin.deleteTopics([topic])
    }, deadline)
    if (why === undefined) return undefined
    const command = `kafka-topics.sh --bootstrap-server ${bootstrapServers} --delete --topic ${topic}`
    return { what: 'topic', cluster: admin.cluster, name: topic, why, command }
  }

  async #deleteGroup(deadline: AbortSignal): Promise<Leftover | undefined> {
    if (this.#group === undefined) return undefined
    const { side, groupId } = this.#group
    const why = await reasonOf(
      async () => await whileInUse(async () => side.admin.deleteGroup(groupId), deadline),
      deadline
    )
    if (why === undefined) return undefined
    const command = `kafka-consumer-groups.sh --bootstrap-server ${side.bootstrapServers} --delete --group ${groupId}`
    return { what: 'group', cluster: side.admin.cluster, name: groupId, why, command }
  }
}

/** A worker that was killed is a member of the group until its session ends. */
async function whileInUse(attempt: () => Promise<void>, deadline: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await attempt()
      return
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'MR_GROUP_IN_USE' || deadline.aborted) throw error
      await pause(RETRY_MS)
    }
  }
}

/** Undefined = done. */
async function reasonOf(work: () => Promise<void>, deadline: AbortSignal): Promise<string | undefined> {
  const late = new Promise<string>((resolve) => {
    const give = (): void => resolve('the cluster did not do it in time')
    // An attempt that is under way may still answer in the same moment.
    if (deadline.aborted) setImmediate(give)
    else deadline.addEventListener('abort', () => setTimeout(give, RETRY_MS * 2), { once: true })
  })
  return await Promise.race([
    work().then(
      () => undefined,
      (error: unknown) => describeError(error)
    ),
    late
  ])
}

async function topicIdOf(admin: ClusterAdmin, topic: string): Promise<string | undefined> {
  const lookup = (await admin.describeTopics([topic])).get(topic)
  return lookup?.found === true ? lookup.description.topicId : undefined
}

function topicExists(cluster: 'source' | 'target', topic: string): MillraceError {
  return new MillraceError({
    code: 'MR_BENCH_TOPIC_EXISTS',
    kind: 'refused',
    message: `The ${cluster} cluster has a topic ${topic}; a benchmark makes and deletes topics of its own only.`,
    next: 'Choose another name with --topic, or leave it out for a new one.',
    place: { cluster, topic }
  })
}

function creationError(error: unknown, cluster: 'source' | 'target', topic: string): unknown {
  if (!(error instanceof MillraceError)) return error
  const next =
    error.kind === 'authorisation'
      ? `Grant this user CREATE and DELETE on topic ${topic} of the ${cluster} cluster, or choose a name with --topic that it may create.`
      : error.next
  const { code, kind, message } = error
  return new MillraceError({
    code,
    kind,
    message,
    ...(next !== undefined && { next }),
    place: { ...error.place, cluster, topic },
    cause: error
  })
}
