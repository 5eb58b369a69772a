import { describe, expect, it } from 'vitest'
import { jobSummary } from '../../src/job/job-summary.ts'
import { JobProgress } from '../../src/job/job-progress.ts'
import type { PartitionPolicy } from '../../src/model/policies.ts'
import { statusOf } from './statuses.ts'

function summaryOf(policy: PartitionPolicy) {
  const progress = new JobProgress()
  progress.record(0, [
    statusOf(3, { from: 2, checkpoint: 9, records: 6, bytes: 60, altered: 1, skipped: 2, state: 'completed' })
  ])
  return jobSummary({
    name: 'orders-to-dr',
    state: 'COMPLETED',
    policy,
    seconds: 1.23456,
    totals: progress.totals(),
    partitions: progress.partitions()
  })
}

describe('the summary of a run', () => {
  it('is the document that programs read, and nothing more', () => {
    expect(summaryOf('same')).toEqual({
      name: 'orders-to-dr',
      state: 'COMPLETED',
      records: 6,
      bytes: 60,
      seconds: 1.235,
      altered: 1,
      deadLettered: 0,
      skipped: 2,
      losses: [],
      partitions: [
        {
          topic: 'orders',
          partition: 3,
          state: 'completed',
          from: 2,
          to: 9,
          records: 6,
          target: { topic: 'dr.orders', partition: 3 }
        }
      ]
    })
  })

  it.each([
    ['same', 3],
    ['zero', 0],
    ['sticky', null]
  ] as const)('of policy %s names target partition %s', (policy, partition) => {
    expect(summaryOf(policy).partitions[0]?.target).toEqual({ topic: 'dr.orders', partition })
  })
})
