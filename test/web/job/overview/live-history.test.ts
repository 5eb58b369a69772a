import { describe, expect, it } from 'vitest'
import type { History, HistorySeries, JobFigures } from '../../../../src/api/contract.ts'
import { addLive } from '../../../../web/job/overview/live-history.ts'
import { limitSegments } from '../../../../web/job/overview/limit-segments.ts'

const NAMES: readonly HistorySeries[] = [
  'recordsIn',
  'recordsOut',
  'bytesIn',
  'bytesOut',
  'lagRecords',
  'latencyP50',
  'latencyP99',
  'inFlightBytes',
  'memoryBytes'
]
const history = (...at: number[]): History => ({
  stepSeconds: 5,
  at,
  series: Object.fromEntries(NAMES.map((name) => [name, at.map(() => 1)])) as unknown as History['series'],
  markers: []
})
const figures = (lagRecords: number | null): JobFigures => ({
  records: 0,
  bytes: 0,
  rates: { recordsIn: 10, recordsOut: 20, bytesIn: 30, bytesOut: 40 },
  lagRecords,
  lagSeconds: null,
  replicationLatencyMs: null,
  inFlightBytes: 50,
  inFlightLimit: 100,
  limiting: 'nothing',
  limitShares: { source: 0, mirror: 0, target: 0, rate: 0 },
  notCopied: { deadLettered: 0, skipped: 0, altered: 0, losses: 0 },
  memoryBytes: 60,
  memoryLimit: 100,
  workerRestarts: 0
})
const isWhole = ({ at, series }: History) => NAMES.every((name) => series[name].length === at.length)

describe('history that goes on', () => {
  it('the newest figures of a step count', () => {
    const first = addLive(history(5000), 10_200, figures(7), 0)
    const second = addLive(first, 14_900, figures(9), 0)
    expect(second.at).toEqual([5000, 10_000])
    expect(second.series.lagRecords).toEqual([1, 9])
    expect(isWhole(second)).toBe(true)
  })

  it('steps that are missing stay a gap', () => {
    const after = addLive(history(5000), 60_000, figures(7), 0)
    expect(after.at).toEqual([5000, 10_000, 60_000])
    expect(after.series.recordsOut).toEqual([1, null, 20])
    expect(isWhole(after)).toBe(true)
  })

  it('what is not known is a gap, never 0', () => {
    expect(addLive(history(5000), 10_000, figures(null), 0).series.lagRecords).toEqual([1, null])
    expect(addLive(history(5000), 10_000, figures(1), 0).series.latencyP99).toEqual([1, null])
  })

  it('what is too old goes, so that a page that stays open does not grow', () => {
    const after = addLive(history(0, 5000, 10_000), 15_000, figures(7), 9000)
    expect(after.at).toEqual([10_000, 15_000])
    expect(isWhole(after)).toBe(true)
  })

  it('begins with nothing, and a clock that went back adds nothing', () => {
    expect(addLive(history(), 12_000, figures(7), 0).at).toEqual([10_000])
    const known = history(10_000)
    expect(addLive(known, 3000, figures(7), 0)).toBe(known)
  })
})

it('shares of time: the rest is idle, what would not be seen is left out', () => {
  expect(limitSegments({ source: 0.1, mirror: 0.001, target: 0.6, rate: 0 })).toEqual([
    { side: 'source', label: 'source', share: 0.1 },
    { side: 'target', label: 'target', share: 0.6 },
    { side: 'idle', label: 'idle', share: expect.closeTo(0.299, 5) as number }
  ])
})
