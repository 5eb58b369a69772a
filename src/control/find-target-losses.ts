import type { ClusterAdmin } from '../client/types.ts'
import type { FoundLoss, LossPolicy } from '../model/loss.ts'
import type { PartitionPolicy } from '../model/policies.ts'
import { partitionName } from '../model/topic-partition.ts'
import { findTargetLoss, type DeliveredSoFar } from './find-target-loss.ts'
import { judgeLoss } from './judge-loss.ts'
import type { PartitionOffsets } from './plan-partition.ts'
import type { TopicPlan } from './plan-types.ts'
import { readTopicIds } from './read-topic-ids.ts'

export interface TargetLossQuestion {
  readonly topics: readonly TopicPlan[]
  readonly offsets: readonly PartitionOffsets[]
  readonly partitions: PartitionPolicy
  readonly policyOf: (topic: string) => LossPolicy
}

/**
 * Adds to a plan what the target has lost of what the commits say it acknowledged. A target topic that is gone is made
 * again only where that is accepted.
 */
export async function findTargetLosses(
  target: ClusterAdmin,
  { topics, offsets, partitions: policy, policyOf }: TargetLossQuestion
): Promise<readonly TopicPlan[]> {
  const lost = await lossesByTarget(target, topics, offsets)
  if (lost.size === 0) return topics
  return topics.map((topic) => {
    const onLoss = policyOf(topic.source)
    const partitions = topic.partitions.map((plan) => {
      const found = lost.get(topic.target)?.find(({ partition, found: { kind } }) => {
        return kind === 'target-deleted' || policy !== 'same' || partition === plan.partition
      })?.found
      if (found === undefined || plan.loss !== undefined || plan.committed === undefined) return plan
      const at = { topic: topic.source, partition: plan.partition }
      const loss = judgeLoss(at, found, { policy: onLoss, position: plan.committed, resume: plan.start })
      return { ...plan, loss, ...(onLoss === 'stop' && { records: 0 }) }
    })
    const keepsAway = topic.action === 'create' && partitions.some(({ loss }) => loss?.outcome === 'stopped')
    return { ...topic, partitions, ...(keepsAway && { action: 'none' as const }) }
  })
}

interface TargetLoss {
  readonly partition: number
  readonly found: FoundLoss
}

async function lossesByTarget(
  target: ClusterAdmin,
  topics: readonly TopicPlan[],
  offsets: readonly PartitionOffsets[]
): Promise<ReadonlyMap<string, readonly TargetLoss[]>> {
  const delivered = deliveredOf(topics, offsets)
  const losses = new Map<string, TargetLoss[]>()
  if (delivered.length === 0) return losses
  const present = new Map(topics.map((topic) => [topic.target, topic.targetPartitionsNow]))
  const there = delivered.filter(({ topic, partition }) => partition < (present.get(topic) ?? 0))
  const ids = await readTopicIds(target, [...new Set(there.map(({ topic }) => topic))])
  const asked = there.map(({ topic, partition }) => ({ topic, partition }))
  const ends = await target.listOffsets(asked, 'highWatermark')
  for (const at of delivered) {
    const end = ends.get(partitionName(at))
    const found = findTargetLoss(at, end === undefined ? undefined : { end, topicId: ids.get(at.topic) })
    if (found === undefined) continue
    losses.set(at.topic, [...(losses.get(at.topic) ?? []), { partition: at.partition, found }])
  }
  return losses
}

/** Of each target partition the furthest that any commit tells of. */
function deliveredOf(topics: readonly TopicPlan[], offsets: readonly PartitionOffsets[]): readonly DeliveredSoFar[] {
  const targets = new Map(topics.map((topic) => [topic.source, topic.target]))
  const furthest = new Map<string, DeliveredSoFar>()
  for (const { topic: source, metadata } of offsets) {
    const topic = targets.get(source)
    if (topic === undefined || metadata?.target === undefined) continue
    const at = { topic, partition: metadata.target.partition, offset: metadata.target.end, topicId: metadata.targetId }
    const known = furthest.get(partitionName(at))
    if (known === undefined || known.offset < at.offset) furthest.set(partitionName(at), at)
  }
  return [...furthest.values()]
}
