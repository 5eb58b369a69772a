import { describe, expect, it } from 'vitest'
import { endedFigures, jobFigures } from '../../../src/service/record/job-figures.ts'
import { limitingSide, limitShares } from '../../../src/service/record/limits.ts'
import { SnapshotWindow } from '../../../src/service/record/snapshot-window.ts'
import { NO_SECONDS } from '../../../src/telemetry/metrics/limit-clock.ts'
import { progressOf, snapshotOf } from './snapshots.ts'

const FACTS = { memoryLimit: 512, supervisorBytes: 50, losses: 2 }

describe('figures of a job', () => {
  const at = (seconds: number, records: number, end?: number) => ({
    at: seconds * 1000,
    snapshot: snapshotOf({
      seconds,
      partitions: [
        progressOf(0, {
          records,
          bytes: records * 100,
          readRecords: records * 2,
          readBytes: records * 200,
          to: records,
          ...(end !== undefined && { end })
        })
      ]
    })
  })

  it('are rates over the time between two snapshots, read and delivered apart', () => {
    const figures = jobFigures(at(10, 1000), at(14, 3000, 5000), FACTS)
    expect(figures.rates).toEqual({ recordsIn: 1000, recordsOut: 500, bytesIn: 100_000, bytesOut: 50_000 })
    expect(figures).toMatchObject({ records: 3000, bytes: 300_000, lagRecords: 2000, lagSeconds: 4 })
    expect(figures).toMatchObject({ memoryBytes: 250, memoryLimit: 512, inFlightBytes: 30, inFlightLimit: 100 })
    expect(figures.notCopied.losses).toBe(2)
  })

  it('have no rate from one snapshot, and none below nothing', () => {
    expect(jobFigures(undefined, at(14, 3000), FACTS).rates.recordsOut).toBe(0)
    expect(jobFigures(at(10, 3000), at(14, 1000), FACTS).rates.recordsOut).toBe(0)
  })

  it('tell a lag that is not known from one of 0', () => {
    expect(jobFigures(undefined, at(14, 10), FACTS)).toMatchObject({ lagRecords: null, lagSeconds: null })
    expect(jobFigures(undefined, at(14, 10, 10), FACTS)).toMatchObject({ lagRecords: 0, lagSeconds: 0 })
    const some = { at: 1, snapshot: snapshotOf({ partitions: [progressOf(0), progressOf(1, { end: 7 })] }) }
    expect(jobFigures(undefined, some, FACTS).lagRecords).toBe(7)
  })

  it('say of a lag without delivery that nobody knows how long it lasts', () => {
    expect(jobFigures(at(10, 10, 20), at(14, 10, 20), FACTS)).toMatchObject({ lagRecords: 10, lagSeconds: null })
  })

  it('keep of a run that has ended what it did, not what it was doing', () => {
    const ended = endedFigures(jobFigures(at(10, 1000), at(14, 3000, 5000), FACTS))
    expect(ended).toMatchObject({ records: 3000, lagRecords: 2000, lagSeconds: null, memoryBytes: 0 })
    expect(ended.rates.recordsOut).toBe(0)
  })
})

describe('the side that limits', () => {
  it('is nothing while there is mostly nothing to copy, however the rest was spent', () => {
    expect(limitingSide({ ...NO_SECONDS, target: 1, idle: 9 })).toBe('nothing')
    expect(limitShares({ ...NO_SECONDS, target: 1, idle: 9 }).target).toBeCloseTo(0.1)
  })

  it('is not made of too little time', () => expect(limitingSide({ ...NO_SECONDS, target: 0.5 })).toBe('nothing'))

  it('is the one that took most', () => {
    expect(limitingSide({ ...NO_SECONDS, source: 2, target: 5, mirror: 3 })).toBe('target')
    expect(limitingSide({ ...NO_SECONDS, source: 2, rate: 5, mirror: 3 })).toBe('rate limit')
  })

  it('has no share of no time', () =>
    expect(limitShares(NO_SECONDS)).toEqual({ source: 0, mirror: 0, target: 0, rate: 0 }))
})

describe('the window of snapshots', () => {
  const taken = (at: number, seconds: number, records = 0) => ({
    at,
    snapshot: snapshotOf({ seconds, partitions: [progressOf(0, { records })] })
  })

  it('keeps few, whatever the pace, and compares with one that is about three seconds old', () => {
    const window = new SnapshotWindow()
    for (let at = 0; at <= 60_000; at += 100) window.add(taken(at, at / 1000))
    const age = (window.newest?.at ?? 0) - (window.base?.at ?? 0)
    expect(age).toBeGreaterThanOrEqual(3000)
    expect(age).toBeLessThan(4500)
  })

  it('has nothing to compare the first with', () => {
    const window = new SnapshotWindow()
    window.add(taken(1000, 1))
    expect(window.base).toBeUndefined()
  })

  it.each([
    ['a new run', taken(5000, 0.5)],
    ['counts that fell', taken(5000, 5, -1)],
    ['a clock that was set back', taken(10, 5)]
  ])('forgets what came before %s', (_, next) => {
    const window = new SnapshotWindow()
    window.add(taken(1000, 1))
    window.add(taken(4000, 4))
    window.add(next)
    expect(window.base).toBeUndefined()
    expect(window.newest).toBe(next)
  })
})
