import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterAdmin } from '../client/types.ts'
import { groupBy } from '../mapping/group-by.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { TopicPlan } from './plan-types.ts'

/** A target topic as it shall be. */
type WantedTopic = Pick<TopicPlan, 'target' | 'targetPartitions' | 'action' | 'replicationFactor' | 'configs'>

export interface CreateTopicsOptions {
  /** How long a new topic may take until every broker that we ask shows it with leaders. */
  readonly timeoutMs?: number
  readonly pollMs?: number
}

/**
 * Creates and grows target topics as planned, and resolves when each has all its partitions, each with a leader: a
 * producer that learns of them earlier refuses records. What exists already is left as it is.
 *
 * @returns what was created or grown, each target once
 */
export async function createTopics<T extends WantedTopic>(
  admin: ClusterAdmin,
  plans: readonly T[],
  { timeoutMs = 30_000, pollMs = 200 }: CreateTopicsOptions = {}
): Promise<readonly T[]> {
  const wanted = new Map<string, T>()
  for (const [target, group] of groupBy(plans, (plan) => plan.target)) {
    const largest = group.toSorted((a, b) => b.targetPartitions - a.targetPartitions)[0]
    if (largest !== undefined && largest.action !== 'none') wanted.set(target, largest)
  }
  if (wanted.size === 0) return []
  const missing = [...wanted.values()].filter(({ action }) => action === 'create')
  if (missing.length > 0) {
    await admin.createTopics(
      missing.map(({ target, targetPartitions, replicationFactor, configs }) => {
        return { topic: target, partitions: targetPartitions, replicationFactor, configs }
      })
    )
  }
  for (const { action, target, targetPartitions } of wanted.values()) {
    if (action === 'grow') await admin.createPartitions(target, targetPartitions)
  }
  await untilVisible(admin, wanted, Date.now() + timeoutMs, pollMs)
  return [...wanted.values()]
}

async function untilVisible(
  admin: ClusterAdmin,
  wanted: ReadonlyMap<string, WantedTopic>,
  deadline: number,
  pollMs: number
): Promise<void> {
  const grown = new Set<string>()
  for (;;) {
    const lookups = await admin.describeTopics([...wanted.keys()])
    const waiting: string[] = []
    for (const [target, { targetPartitions }] of wanted) {
      const lookup = lookups.get(target)
      const partitions = lookup?.found === true ? lookup.description.partitions : []
      if (partitions.length >= targetPartitions && partitions.every(({ leader }) => leader >= 0)) continue
      waiting.push(target)
      // Somebody else has created it since the plan was made, with fewer partitions.
      if (partitions.length > 0 && partitions.length < targetPartitions && !grown.has(target)) {
        grown.add(target)
        await admin.createPartitions(target, targetPartitions)
      }
    }
    const topic = waiting[0]
    if (topic === undefined) return
    if (Date.now() >= deadline) throw notVisible(topic, waiting.length)
    await sleep(pollMs)
  }
}

function notVisible(topic: string, count: number): MillraceError {
  const others = count > 1 ? ` and ${count - 1} more` : ''
  return new MillraceError({
    code: 'MR_TOPIC_NOT_READY',
    kind: 'retry',
    message: `Target topic ${topic}${others} was created or grown, but not all its partitions have a leader.`,
    next: 'See whether the target has enough brokers for the replication factor, then try again.',
    place: { cluster: 'target', topic }
  })
}
