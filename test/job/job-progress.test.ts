import { describe, expect, it } from 'vitest'
import { JobProgress } from '../../src/job/job-progress.ts'
import { lagOf, lastLagOf } from '../../src/job/lag-of.ts'
import { statusOf } from './statuses.ts'

describe('progress over processes', () => {
  it('is the sum of what each process delivered, those that ended included', () => {
    const progress = new JobProgress()
    progress.record(0, [statusOf(0, { records: 5, bytes: 50, altered: 1, skipped: 1, checkpoint: 5, committed: 5 })])
    progress.record(1, [
      statusOf(0, {
        records: 7,
        bytes: 70,
        altered: 2,
        skipped: 2,
        deadLettered: 4,
        from: 5,
        checkpoint: 12,
        committed: 10
      })
    ])
    progress.record(1, [statusOf(1, { records: 1, bytes: 2 })])
    expect(progress.totals()).toEqual({ records: 13, bytes: 122, altered: 3, deadLettered: 4, skipped: 3 })
    expect(progress.partitions()).toMatchObject([
      {
        partition: 0,
        from: 0,
        to: 12,
        committed: 10,
        records: 12,
        bytes: 120,
        altered: 3,
        deadLettered: 4,
        skipped: 3
      },
      { partition: 1, records: 1 }
    ])
  })

  it('tells no lag while the source can’t be asked for its end, and what it was at least', () => {
    let now = 1000
    const progress = new JobProgress(() => now)
    progress.record(0, [statusOf(0, { checkpoint: 5 })])
    const lags = () => progress.partitions().map((partition) => [lagOf(partition), lastLagOf(partition)])
    expect(lags()).toEqual([[undefined, undefined]])
    progress.recordEnds(new Map([['orders-0', 8]]))
    now += 15_000
    expect(lags()).toEqual([[3, 3]])
    now += 1
    expect(lags()).toEqual([[undefined, 3]])
    progress.recordEnds(new Map([['orders-0', 9]]))
    expect(lags()).toEqual([[4, 4]])
  })

  it('counts a status that comes again once', () => {
    const progress = new JobProgress()
    progress.record(0, [statusOf(0, { records: 5 })])
    progress.record(0, [statusOf(0, { records: 8 })])
    expect(progress.totals().records).toBe(8)
  })

  it('has the state of who has the partition now', () => {
    const progress = new JobProgress()
    progress.record(0, [statusOf(0)])
    progress.record(1, [statusOf(0)])
    progress.record(0, [statusOf(0, { state: 'revoked' })])
    expect(progress.stateOf(statusOf(0))).toBe('copying')
    progress.record(1, [statusOf(0, { state: 'completed' })])
    expect(progress.stateOf(statusOf(0))).toBe('completed')
    expect(progress.stateOf(statusOf(7))).toBeUndefined()
  })

  it('shows the reason of a stop until another process has the partition', () => {
    const progress = new JobProgress()
    const reason = { code: 'MR_RECORD_REFUSED', message: 'too large', next: 'raise it', place: {} }
    progress.record(0, [statusOf(0, { state: 'stopped', reason })])
    expect(progress.partitions()[0]).toMatchObject({ state: 'stopped', reason })
    progress.record(1, [statusOf(0)])
    expect(progress.partitions()[0]).not.toHaveProperty('reason')
  })

  it('is in the order of topics and partition numbers', () => {
    const progress = new JobProgress()
    progress.record(0, [statusOf(10), statusOf(2), statusOf(0, { topic: 'a' })])
    expect(progress.partitions().map(({ topic, partition }) => `${topic}-${partition}`)).toEqual([
      'a-0',
      'orders-2',
      'orders-10'
    ])
  })

  it('knows the ends that were told, and keeps the last known', () => {
    const progress = new JobProgress()
    progress.record(0, [statusOf(0)])
    expect(progress.partitions()[0]).not.toHaveProperty('end')
    progress.recordEnds(new Map([['orders-0', 99]]))
    progress.recordEnds(new Map([['orders-0', undefined]]))
    expect(progress.partitions()[0]?.end).toBe(99)
  })

  it('tells what a process that was killed had not committed, and not what another has taken over', () => {
    const progress = new JobProgress()
    progress.record(3, [
      statusOf(0, { committed: 5, position: 9 }),
      statusOf(1, { committed: 9, position: 9 }),
      statusOf(2, { committed: 0, position: 9, state: 'revoked' })
    ])
    progress.record(4, [statusOf(4, { committed: 0, position: 9 })])
    expect(progress.uncommittedOf(3)).toEqual([{ topic: 'orders', partition: 0, from: 5, to: 9 }])
  })

  it('before the first commit it is all since its beginning', () => {
    const progress = new JobProgress()
    progress.record(1, [
      statusOf(0, { from: 0, committed: -1, position: 9 }),
      statusOf(1, { from: 7, committed: -1, position: 7 })
    ])
    expect(progress.uncommittedOf(1)).toEqual([{ topic: 'orders', partition: 0, from: 0, to: 9 }])
  })
})
