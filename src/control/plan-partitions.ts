import { groupBy } from '../mapping/group-by.ts'
import type { LossPolicy } from '../model/loss.ts'
import type { FindingList } from './finding-list.ts'
import type { PlanJob } from './plan-job.ts'
import { planPartition, type PartitionOffsets } from './plan-partition.ts'
import type { PartitionPlan, Plan, TopicPlan } from './plan-types.ts'

export interface PartitionsQuestion {
  readonly job: Pick<PlanJob, 'topics' | 'start' | 'stop' | 'onLoss'>
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
    const rules = { start: job.start, stop: job.stop, progress, onLoss: onLossOf(job, topic), now }
    plans.set(
      topic,
      ofTopic.map((of) => planPartition(of, rules, findings))
    )
  }
  return plans
}

/** What was lost stops its partitions or nothing: the others are copied in either case. */
export function findLosses(topics: readonly TopicPlan[], findings: FindingList): void {
  for (const { source: topic, partitions } of topics) {
    for (const { partition, loss } of partitions) {
      if (loss === undefined) continue
      const { code, message, next } = loss.reason
      const stops = loss.outcome === 'stopped' ? 'The partition stops, the others go on. ' : ''
      findings.warn({ code, topic, partition, message, next: `${stops}${next}` })
    }
  }
}

export function onLossOf({ topics, onLoss = 'stop' }: Pick<PlanJob, 'topics' | 'onLoss'>, topic: string): LossPolicy {
  return (Object.hasOwn(topics.settings, topic) ? topics.settings[topic]?.onLoss : undefined) ?? onLoss
}
