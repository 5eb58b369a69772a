import type { ClusterAdmin } from '../client/types.ts'
import { FindingList } from '../control/finding-list.ts'
import { planPartition } from '../control/plan-partition.ts'
import { readOffsets } from '../control/read-offsets.ts'
import type { TopicRoute } from '../mapping/routes.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { PreparedPartition } from '../pipeline/types.ts'

export interface PrepareRules {
  readonly groupId: string
  readonly onLoss: (topic: string) => 'stop' | 'continue'
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
    const { topic, partition } = of
    const findings = new FindingList()
    const plan = planPartition(
      of,
      { start: questions.start, stop: questions.stop, progress: 'resume', onLoss: rules.onLoss(topic), now },
      findings
    )
    const [refusal] = findings.refusals
    const route = rules.routeOf(topic)
    const stop = rules.stopOf(of)
    return {
      topic,
      partition,
      target: route.target,
      targetPartitions: route.targetPartitions,
      start: plan.start,
      committed: plan.start === of.committed,
      ...(stop !== undefined && { stop }),
      ...(rules.stopBefore !== undefined && { stopBefore: rules.stopBefore }),
      ...(refusal !== undefined && {
        refusal: {
          code: refusal.code,
          message: refusal.message,
          next: refusal.next,
          place: { cluster: 'source', topic, partition, offset: of.committed ?? of.logStart }
        }
      })
    }
  })
}
