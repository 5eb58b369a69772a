import type { ClusterAdmin } from '../client/types.ts'
import { FindingList } from '../control/finding-list.ts'
import { planPartition, type NoticedLoss, type PartitionOffsets } from '../control/plan-partition.ts'
import type { PartitionPlan } from '../control/plan-types.ts'
import { readOffsets } from '../control/read-offsets.ts'
import type { TopicRoute } from '../mapping/routes.ts'
import type { CommitMetadata } from '../model/commit-metadata.ts'
import type { LossPolicy } from '../model/loss.ts'
import type { StopReason } from '../model/stop-reason.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { PreparedPartition } from '../pipeline/types.ts'

export interface PrepareRules {
  readonly groupId: string
  readonly onLoss: (topic: string) => LossPolicy
  /** Why a partition must not be read, whatever its log shows. */
  readonly stoppedBy?: (partition: TopicPartition) => StopReason | undefined
  /** A loss that was noticed while the partition was copied. */
  readonly noticed?: (partition: TopicPartition) => NoticedLoss | undefined
  /** Ids of target topics, as far as they have any. */
  readonly targetIds?: ReadonlyMap<string, string>
  /** Where each partition begins, and what was lost of it until then. */
  readonly onPlanned?: (partition: TopicPartition, plan: PartitionPlan, topicId: string | undefined) => void
  /** Where a topic goes; the target partitions are there already. */
  readonly routeOf: (topic: string) => TopicRoute
  /** First offset that is not copied; undefined = no end, or not known yet. */
  readonly stopOf: (partition: TopicPartition) => number | undefined
  /** The first record stamped at or after this time (ms) ends the copy. */
  readonly stopBefore: number | undefined
  readonly now: number
}

/**
 * Where a worker begins with partitions that the group gave it: where the group is, or at the first record of a
 * partition that the group has not seen. The start policy of the job has been committed before any worker joined.
 */
export async function preparePartitions(
  source: ClusterAdmin,
  partitions: readonly TopicPartition[],
  rules: PrepareRules
): Promise<PreparedPartition[]> {
  const { groupId, now } = rules
  const questions = { groupId, start: { from: 'committed' }, stop: { at: 'never' }, now } as const
  const offsets = await readOffsets(source, partitions, questions)
  return offsets.map((of): PreparedPartition => {
    const { topic, partition, topicId } = of
    const at = { topic, partition }
    const stoppedBy = rules.stoppedBy?.(at)
    const plan = planPartition(
      of,
      {
        start: questions.start,
        stop: questions.stop,
        progress: 'resume',
        onLoss: rules.onLoss(topic),
        noticed: rules.noticed?.(at),
        now
      },
      new FindingList()
    )
    const refusal = stoppedBy ?? (plan.loss?.outcome === 'stopped' ? plan.loss.reason : undefined)
    if (stoppedBy === undefined) rules.onPlanned?.(at, plan, topicId)
    const route = rules.routeOf(topic)
    const metadata = metadataOf(of, rules.targetIds?.get(route.target))
    const stop = rules.stopOf(of)
    return {
      topic,
      partition,
      target: route.target,
      targetPartitions: route.targetPartitions,
      start: plan.start,
      committed: plan.start === of.committed && knowsTopics(of.metadata, metadata),
      ...(Object.keys(metadata).length > 0 && { metadata }),
      ...(stop !== undefined && { stop }),
      ...(rules.stopBefore !== undefined && { stopBefore: rules.stopBefore }),
      ...(refusal !== undefined && { refusal })
    }
  })
}

/** What is known of the topics now, and of what the target has acknowledged. */
function metadataOf({ topicId, metadata }: PartitionOffsets, targetId: string | undefined): CommitMetadata {
  const { target, ...before } = metadata ?? {}
  const isOther = before.targetId !== undefined && targetId !== undefined && before.targetId !== targetId
  return {
    ...before,
    ...(target !== undefined && !isOther && { target }),
    ...(topicId !== undefined && { topicId }),
    ...(targetId !== undefined && { targetId })
  }
}

/** A commit that says nothing of the topics, or something outdated, is made anew. */
function knowsTopics(committed: CommitMetadata | undefined, { topicId, targetId }: CommitMetadata): boolean {
  return committed?.topicId === topicId && committed?.targetId === targetId
}
