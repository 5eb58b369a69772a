import type { ClusterAdmin } from '../client/types.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { PartitionPlan } from './plan-types.ts'
import type { RecordAges } from './target-harm.ts'
import type { TopicLimits } from './topic-configs.ts'

/** A source topic, what of it will be copied, and the limits of its target. */
export interface AgeQuestion {
  readonly source: string
  readonly partitions: readonly PartitionPlan[]
  readonly target: TopicLimits
}

/**
 * Finds the partitions whose records are older than their target allows, by asking the source for the first record
 * inside each limit: one request for each limit that occurs.
 */
export async function recordAges(
  admin: ClusterAdmin,
  questions: readonly AgeQuestion[],
  now: number
): Promise<ReadonlyMap<string, RecordAges>> {
  const limits = new Set(questions.flatMap(({ target }) => [target.retentionMs, target.beforeMs]))
  const firstInside = new Map<number, ReadonlyMap<string, number | undefined>>()
  for (const limit of limits) {
    if (!asks(limit, now)) continue
    const concerned = questions.filter(({ target }) => target.retentionMs === limit || target.beforeMs === limit)
    const partitions = concerned.flatMap(({ source, partitions }) =>
      partitions.filter(({ records }) => records > 0).map(({ partition }) => ({ topic: source, partition }))
    )
    if (partitions.length > 0) firstInside.set(limit, await admin.listOffsets(partitions, now - limit))
  }
  return new Map(questions.map((question) => [question.source, agesOf(question, firstInside)]))
}

function agesOf(
  { source, partitions, target }: AgeQuestion,
  firstInside: ReadonlyMap<number, ReadonlyMap<string, number | undefined>>
): RecordAges {
  const numbers = (limit: number, isOld: (plan: PartitionPlan, first: number) => boolean): number[] => {
    const answers = firstInside.get(limit)
    if (answers === undefined) return []
    return partitions
      .filter((plan) => {
        const first = answers.get(partitionName({ topic: source, partition: plan.partition }))
        return plan.records > 0 && isOld(plan, first ?? Number.POSITIVE_INFINITY)
      })
      .map(({ partition }) => partition)
  }
  return {
    allExpired: numbers(target.retentionMs, (plan, first) => first >= (plan.stop ?? plan.end)),
    someExpired: numbers(target.retentionMs, (plan, first) => first > plan.start),
    tooFarBack: target.restamps ? [] : numbers(target.beforeMs, (plan, first) => first > plan.start)
  }
}

/** A limit that reaches back to 1970 concerns no record. */
function asks(limit: number, now: number): boolean {
  return Number.isFinite(limit) && now - limit > 0
}
