import type { ClusterAdmin } from '../client/types.ts'
import { groupBy } from '../mapping/group-by.ts'
import type { LossPolicy } from '../model/loss.ts'
import type { PartitionPolicy } from '../model/policies.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'
import { findTargetLoss, type DeliveredSoFar, type TargetView } from './find-target-loss.ts'
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
export async function addTargetLosses(
  target: ClusterAdmin,
  { topics, offsets, partitions: policy, policyOf }: TargetLossQuestion
): Promise<readonly TopicPlan[]> {
  const delivered = deliveredOf(topics, offsets)
  if (delivered.length === 0) return topics
  const views = await viewsOf(target, topics, delivered)
  const bySource = groupBy(delivered, ({ source }) => source)
  return topics.map((topic) => {
    const lost = (bySource.get(topic.source) ?? []).flatMap((at) => {
      const found = findTargetLoss(at, views.get(partitionName(at)))
      return found === undefined ? [] : [{ partition: at.partition, found }]
    })
    if (lost.length === 0) return topic
    const onLoss = policyOf(topic.source)
    const partitions = topic.partitions.map((plan) => {
      const found = lost.find(({ partition, found: { kind } }) => {
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

interface Delivered extends DeliveredSoFar {
  /** The topic whose commit says so. */
  readonly source: string
}

/** What each commit tells of the target, the furthest first. */
function deliveredOf(topics: readonly TopicPlan[], offsets: readonly PartitionOffsets[]): readonly Delivered[] {
  const targets = new Map(topics.map((topic) => [topic.source, topic.target]))
  return offsets
    .flatMap(({ topic: source, metadata }): Delivered[] => {
      const topic = targets.get(source)
      if (topic === undefined || metadata?.target === undefined) return []
      const { partition, end } = metadata.target
      return [{ source, topic, partition, offset: end, topicId: metadata.targetId }]
    })
    .toSorted((a, b) => b.offset - a.offset)
}

/** Target partitions by name, as far as they are there. */
async function viewsOf(
  target: ClusterAdmin,
  topics: readonly TopicPlan[],
  delivered: readonly TopicPartition[]
): Promise<ReadonlyMap<string, TargetView>> {
  const counts = new Map(topics.map((topic) => [topic.target, topic.targetPartitionsNow]))
  const there = new Map<string, TopicPartition>()
  for (const { topic, partition } of delivered) {
    if (partition < (counts.get(topic) ?? 0)) there.set(partitionName({ topic, partition }), { topic, partition })
  }
  const asked = [...there.values()]
  const ids = await readTopicIds(target, [...new Set(asked.map(({ topic }) => topic))])
  const ends = await target.listOffsets(asked, 'highWatermark')
  return new Map(
    asked.flatMap((at) => {
      const end = ends.get(partitionName(at))
      return end === undefined ? [] : [[partitionName(at), { end, topicId: ids.get(at.topic) }] as const]
    })
  )
}
