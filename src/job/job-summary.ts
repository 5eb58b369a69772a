import type { JobState } from '../model/job-state.ts'
import type { Loss } from '../model/loss.ts'
import type { PartitionPolicy } from '../model/policies.ts'
import type { JobTotals, PartitionProgress } from './job-progress.ts'
import type { JobSummary } from './job-types.ts'

export interface SummaryInput {
  readonly name: string
  readonly state: JobState
  readonly policy: PartitionPolicy
  readonly seconds: number
  readonly totals: JobTotals
  readonly partitions: readonly PartitionProgress[]
  readonly losses?: readonly Loss[]
}

/** What a run did, as `run -o json` prints it. */
export function jobSummary({
  name,
  state,
  policy,
  seconds,
  totals,
  partitions,
  losses = []
}: SummaryInput): JobSummary {
  return {
    name,
    state,
    records: totals.records,
    bytes: totals.bytes,
    seconds: Math.round(seconds * 1000) / 1000,
    altered: totals.altered,
    deadLettered: totals.deadLettered,
    skipped: totals.skipped,
    losses: losses.map(({ topic, partition, code, outcome, lost = null, writtenSince = null, reason }) => {
      return { topic, partition, code, outcome, message: reason.message, lost, writtenSince }
    }),
    partitions: partitions.map(({ topic, partition, state, from, to, records, target }) => ({
      topic,
      partition,
      state,
      from,
      to,
      records,
      target: { topic: target, partition: targetPartition(policy, partition) }
    }))
  }
}

function targetPartition(policy: PartitionPolicy, sourcePartition: number): number | null {
  if (policy === 'same') return sourcePartition
  return policy === 'zero' ? 0 : null
}
