import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addHistograms,
  emptyHistogram,
  Histogram,
  quantile,
  sinceHistogram
} from '../../../src/telemetry/metrics/histogram.ts'

const BOUNDS = [1, 2, 5, 10]
const values = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 200 })

function histogramOf(all: readonly number[]) {
  const histogram = new Histogram(BOUNDS)
  for (const value of all) histogram.observe(value)
  return histogram.read()
}

describe('a histogram', () => {
  it('counts a value that equals a bound below it, and what exceeds all bounds beyond', () => {
    expect(histogramOf([0, 1, 1.1, 2, 10, 10.1]).counts).toEqual([2, 2, 0, 1, 1])
  })

  it('counts every value once, in the range that has it', () => {
    fc.assert(
      fc.property(values, (all) => {
        const { counts, count } = histogramOf(all)
        expect(count).toBe(all.length)
        const below = (bound: number) => all.filter((value) => value <= bound).length
        const expected = BOUNDS.map((bound, at) => below(bound) - (at === 0 ? 0 : below(BOUNDS[at - 1] ?? 0)))
        expect(counts).toEqual([...expected, all.length - below(10)])
      })
    )
  })

  it('of two processes added up is that of all their values; the difference of two readings is what came between', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const sum = addHistograms(histogramOf(a), histogramOf(b))
        expect(sum.counts).toEqual(histogramOf([...a, ...b]).counts)
        expect(sum.sum).toBeCloseTo([...a, ...b].reduce((total, value) => total + value, 0))
        expect(sinceHistogram(sum, histogramOf(a)).counts).toEqual(histogramOf(b).counts)
      })
    )
  })

  it('is never added to one with other bounds', () => {
    expect(() => addHistograms(emptyHistogram([1]), emptyHistogram([1, 2]))).toThrow(RangeError)
  })
})

describe('a quantile', () => {
  it('lies in the range of the value that it stands for, never goes down, and never beyond the last bound', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const told = quantile(BOUNDS, histogramOf(all), q)
        if (all.length === 0) {
          expect(told).toBeUndefined()
          return
        }
        const sorted = [...all].sort((a, b) => a - b)
        const exact = sorted[Math.max(0, Math.ceil(q * all.length) - 1)] ?? 0
        const upper = BOUNDS.find((bound) => exact <= bound) ?? 10
        const lower = exact > 10 ? 10 : (BOUNDS[BOUNDS.indexOf(upper) - 1] ?? 0)
        expect(told).toBeGreaterThanOrEqual(lower)
        expect(told).toBeLessThanOrEqual(upper)
        expect(told).toBeLessThanOrEqual(quantile(BOUNDS, histogramOf(all), Math.min(1, q + 0.1)) ?? 0)
      })
    )
  })
})
