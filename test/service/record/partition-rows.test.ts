import { describe, expect, it } from 'vitest'
import type { PartitionProgress } from '../../../src/job/job-progress.ts'
import { countPartitions, partitionRows, topicRows } from '../../../src/service/record/partition-rows.ts'
import { progressOf, snapshotOf } from './snapshots.ts'

const taken = (at: number, partitions: readonly PartitionProgress[], changes = {}) => ({
  at,
  snapshot: snapshotOf({ partitions, ...changes })
})
const STUCK = { code: 'MR_STUCK_SOURCE', message: 'No records.', next: 'Look.' }

describe('rows of partitions', () => {
  it('have the rates of their own partition, also when partitions have come or gone before them', () => {
    const before = taken(0, [progressOf(1, { records: 10 }), progressOf(2, { records: 20 })])
    const now = taken(2000, [
      progressOf(0, { records: 500 }),
      progressOf(2, { records: 40, bytes: 400 }),
      progressOf(3, { records: 7 })
    ])
    expect(partitionRows(before, now).map(({ recordsPerSecond }) => recordsPerSecond)).toEqual([0, 10, 0])
  })

  it.each([
    ['copying', progressOf(0), {}],
    ['starting', progressOf(0), { state: 'STARTING' }],
    ['starting', progressOf(0, { state: 'revoked' }), {}],
    ['done', progressOf(0, { state: 'completed' }), {}],
    ['stopped', progressOf(0, { state: 'deleted' }), {}],
    ['paused', progressOf(0), { pauses: { job: false, topics: ['orders'], partitions: [] } }],
    ['stuck', progressOf(0), { stuck: [{ topic: 'orders', partition: 0, lag: 3, seconds: 20, reason: STUCK }] }]
  ])('say %s', (state, partition, changes) => {
    expect(partitionRows(undefined, taken(1, [partition], changes))[0]?.state).toBe(state)
  })

  it('say paused rather than stuck, and give the reason', () => {
    const changes = {
      pauses: { job: true, topics: [], partitions: [] },
      stuck: [{ topic: 'orders', partition: 0, lag: 3, seconds: 20, reason: STUCK }]
    }
    const [row] = partitionRows(undefined, taken(1, [progressOf(0)], changes))
    expect(row).toMatchObject({ state: 'paused', reason: STUCK })
  })

  it('of a topic add up; a lag that nobody knows is none', () => {
    const rows = partitionRows(
      undefined,
      taken(1, [
        progressOf(0, { end: 5, records: 2 }),
        progressOf(1, { state: 'stopped', records: 3 }),
        progressOf(0, { topic: 'payments', target: 'p' })
      ])
    )
    expect(topicRows(rows)).toEqual([
      {
        topic: 'orders',
        target: 'dr.orders',
        partitions: 2,
        stopped: 1,
        paused: 0,
        lag: 5,
        records: 5,
        recordsPerSecond: 0
      },
      {
        topic: 'payments',
        target: 'p',
        partitions: 1,
        stopped: 0,
        paused: 0,
        lag: null,
        records: 0,
        recordsPerSecond: 0
      }
    ])
    expect(countPartitions(rows)).toEqual({ total: 3, stopped: 1, paused: 0, stuck: 0 })
  })

  it('are made of 5,000 partitions in a few milliseconds, so that ten jobs can do it twice a second', () => {
    const partitions = (records: number) =>
      Array.from({ length: 5000 }, (_, n) => progressOf(n, { records: records + n, end: 1_000_000 }))
    const [before, now] = [taken(0, partitions(0)), taken(3000, partitions(300))]
    partitionRows(before, now)
    const started = process.cpuUsage()
    for (let n = 0; n < 10; n++) topicRows(partitionRows(before, now))
    const { user } = process.cpuUsage(started)
    expect(user / 1000 / 10).toBeLessThan(50)
  })
})
