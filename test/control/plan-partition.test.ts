import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FindingList } from '../../src/control/finding-list.ts'
import type { StartRule, StopRule } from '../../src/control/plan-job.ts'
import { planPartition, type PartitionOffsets, type PartitionRules } from '../../src/control/plan-partition.ts'

const log = {
  topic: 'orders',
  partition: 3,
  logStart: 10,
  end: 20,
  committed: undefined,
  atStartTime: undefined,
  atStopTime: undefined
}
const rules: PartitionRules = {
  start: { from: 'earliest' },
  stop: { at: 'never' },
  progress: 'fresh',
  onLoss: 'stop',
  now: 1000
}

function plan(offsets: Partial<PartitionOffsets>, changes: Partial<PartitionRules> = {}) {
  const findings = new FindingList()
  return { ...planPartition({ ...log, ...offsets }, { ...rules, ...changes }, findings), findings }
}

describe('planPartition', () => {
  it('begins at the end when no record is as late as the start time', () => {
    expect(plan({}, { start: { from: 'timestamp', time: 5 } })).toMatchObject({ start: 20, startReason: 'timestamp' })
  })

  it('begins at the first record when the start time lies before it', () => {
    expect(plan({ atStartTime: 10 }, { start: { from: 'timestamp', time: 5 } }).start).toBe(10)
  })

  it('does not begin behind the end of a read_committed reader', () => {
    expect(plan({ atStartTime: 25 }, { start: { from: 'timestamp', time: 5 } }).start).toBe(20)
  })

  it('takes an explicit offset, the end included, and begins elsewhere at the first record', () => {
    const start: StartRule = { from: 'offsets', offsets: { orders: { 3: 20 } } }
    expect(plan({}, { start })).toMatchObject({ start: 20, startReason: 'offsets', findings: { refusals: [] } })
    expect(plan({ partition: 4 }, { start })).toMatchObject({ start: 10, startReason: 'earliest' })
  })

  it.each([
    [4, /LOSS: offsets 4 to 9 of orders-3/],
    [21, /offset 21 of orders-3, which ends at 20: the topic was truncated or made again/]
  ])('names the range when the commit %i is no longer in the log', (committed, message) => {
    const reason = { code: 'MR_LOSS', message: expect.stringMatching(message) as unknown }
    const stopped = plan({ committed }, { progress: 'resume' })
    expect(stopped).toMatchObject({
      start: committed,
      records: 0,
      loss: { outcome: 'stopped', topic: 'orders', partition: 3, reason }
    })
    const going = plan({ committed }, { progress: 'resume', onLoss: 'continue' })
    expect(going).toMatchObject({ start: 10, loss: { outcome: 'continued', reason } })
  })

  it('sees by its id that a topic was made again, however long it is', () => {
    const made = plan(
      { committed: 15, topicId: 'B', metadata: { topicId: 'A' } },
      { progress: 'resume', onLoss: 'continue' }
    )
    expect(made).toMatchObject({ start: 10, loss: { kind: 'remade', code: 'MR_TOPIC_REMADE', outcome: 'continued' } })
    expect(
      plan({ committed: 15, topicId: 'A', metadata: { topicId: 'A' } }, { progress: 'resume' }).loss
    ).toBeUndefined()
    expect(plan({ committed: 15, topicId: 'A', metadata: {} }, { progress: 'resume' }).loss).toBeUndefined()
  })

  it('takes the word of who noticed a loss that the log no longer shows', () => {
    const noticed = { found: { kind: 'remade', message: 'm' }, writtenSince: { from: 12, to: 15 } } as const
    expect(plan({ committed: 15 }, { progress: 'resume', onLoss: 'continue', noticed })).toMatchObject({
      start: 10,
      loss: { kind: 'remade', writtenSince: { from: 12, to: 15 } }
    })
  })

  it.each([10, 20])('has nothing against a commit at the edge of the log: %i', (committed) => {
    expect(plan({ committed }, { progress: 'resume' })).toMatchObject({ start: committed, findings: { refusals: [] } })
  })

  it('never plans a negative count, a start outside the log or a stop before the start', () => {
    const offset = fc.nat(30)
    const perhaps = fc.option(offset, { nil: undefined })
    const start: fc.Arbitrary<StartRule> = fc.oneof(
      fc.constantFrom<StartRule>({ from: 'earliest' }, { from: 'latest' }, { from: 'committed' }),
      fc.constant<StartRule>({ from: 'timestamp', time: 1 }),
      offset.map((at): StartRule => ({ from: 'offsets', offsets: { orders: { 3: at } } }))
    )
    const stop: fc.Arbitrary<StopRule> = fc.oneof(
      fc.constantFrom<StopRule>({ at: 'never' }, { at: 'end' }),
      fc.nat(2000).map((time): StopRule => ({ at: 'time', time }))
    )
    fc.assert(
      fc.property(
        fc.record({ logStart: offset, length: offset, committed: perhaps, atStartTime: perhaps, atStopTime: perhaps }),
        fc.record({
          start,
          stop,
          progress: fc.constantFrom('fresh', 'resume', 'reset'),
          onLoss: fc.constantFrom('stop', 'continue')
        }),
        ({ length, ...offsets }, changes) => {
          const end = offsets.logStart + length
          const made = plan({ ...offsets, end }, changes)
          if (made.loss?.outcome === 'stopped') {
            expect(made).toMatchObject({ start: offsets.committed, records: 0 })
            return
          }
          expect(made.start).toBeGreaterThanOrEqual(offsets.logStart)
          expect(made.start).toBeLessThanOrEqual(end)
          expect(made.records).toBe((made.stop ?? end) - made.start)
          expect(made.records).toBeGreaterThanOrEqual(0)
          if (changes.progress === 'resume' && made.startReason !== 'committed')
            expect(made.start).toBe(offsets.logStart)
        }
      )
    )
  })
})
