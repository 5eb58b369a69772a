import { groupBy } from '../mapping/group-by.ts'
import type { FindingList } from './finding-list.ts'
import type { PlanJob } from './plan-job.ts'
import { planPartition, type PartitionOffsets } from './plan-partition.ts'
import type { PartitionPlan, Plan } from './plan-types.ts'

export interface PartitionsQuestion {
  readonly job: Pick<PlanJob, 'topics' | 'start' | 'stop'>
  readonly progress: Plan['progress']
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The plan of each partition, by topic. */
export function planPartitions(
  offsets: readonly PartitionOffsets[],
  { job, progress, now }: PartitionsQuestion,
  findings: FindingList
): ReadonlyMap<string, readonly PartitionPlan[]> {
  const plans = new Map<string, PartitionPlan[]>()
  for (const [topic, ofTopic] of groupBy(offsets, (of) => of.topic)) {
    const settings = Object.hasOwn(job.topics.settings, topic) ? job.topics.settings[topic] : undefined
    const rules = { start: job.start, stop: job.stop, progress, onLoss: settings?.onLoss ?? 'stop', now } as const
    plans.set(
      topic,
      ofTopic.map((of) => planPartition(of, rules, findings))
    )
  }
  return plans
}
