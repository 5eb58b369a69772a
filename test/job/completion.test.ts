import { describe, expect, it } from 'vitest'
import { completionOf, plannedPartitions } from '../../src/job/completion.ts'
import { JobProgress } from '../../src/job/job-progress.ts'
import type { PartitionState } from '../../src/pipeline/types.ts'
import { statusOf, topicPlan } from './statuses.ts'

function completion(states: readonly (PartitionState | undefined)[], bounded: boolean) {
  const progress = new JobProgress()
  for (const [partition, state] of states.entries()) {
    if (state !== undefined) progress.record(0, [statusOf(partition, { state })])
  }
  return completionOf([topicPlan('orders', states.length)], bounded, progress)
}

describe('a bounded job', () => {
  it.each([
    [['completed', 'completed'], 'completed'],
    [['completed', 'copying'], 'copying'],
    [['completed', undefined], 'copying'],
    [['completed', 'revoked'], 'copying'],
    [['stopped', 'copying'], 'copying'],
    [['stopped', 'completed'], 'stuck'],
    [['stopped', 'stopped'], 'stuck']
  ] as const)('whose partitions are %j is %s', (states, expected) => {
    expect(completion(states, true)).toBe(expected)
  })

  it('without partitions is completed', () => {
    expect(completionOf([], true, new JobProgress())).toBe('completed')
  })
})

describe('a job without a bound', () => {
  it.each([
    [['completed'], 'copying'],
    [['stopped', 'copying'], 'copying'],
    [['stopped', 'stopped'], 'stuck']
  ] as const)('whose partitions are %j is %s', (states, expected) => {
    expect(completion(states, false)).toBe(expected)
  })

  it('without partitions waits for some', () => {
    expect(completionOf([], false, new JobProgress())).toBe('copying')
  })
})

it('has a partition of each planned topic to look at', () => {
  expect(plannedPartitions([topicPlan('orders', 2), topicPlan('empty', 0)])).toEqual([
    { topic: 'orders', partition: 0 },
    { topic: 'orders', partition: 1 }
  ])
})
