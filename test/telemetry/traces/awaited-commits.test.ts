import { ROOT_CONTEXT } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { AwaitedCommits } from '../../../src/telemetry/traces/awaited-commits.ts'

const waiting = (partition: number, to: number) => ({
  source: { topic: 'orders', partition },
  to,
  context: ROOT_CONTEXT,
  epochMs: 0
})

describe('AwaitedCommits', () => {
  it('a commit covers what ends at its offset or before, of its partition', () => {
    const commits = new AwaitedCommits(10)
    for (const to of [10, 20, 30]) commits.add(waiting(0, to))
    commits.add(waiting(1, 10))
    const covered = (done: boolean) => commits.coveredBy(new Map([['orders-0', 20]]), done).map(({ to }) => to)
    expect(covered(false)).toEqual([10, 20])
    expect(covered(true)).toEqual([10, 20])
    expect(covered(true)).toEqual([])
    expect(commits.size).toBe(2)
  })

  it('the oldest give way, counted', () => {
    const commits = new AwaitedCommits(2)
    for (const to of [1, 2, 3, 4]) commits.add(waiting(0, to))
    expect([commits.size, commits.dropped]).toEqual([2, 2])
    expect(commits.coveredBy(new Map([['orders-0', 9]]), true).map(({ to }) => to)).toEqual([3, 4])
  })
})
