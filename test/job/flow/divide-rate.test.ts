import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideRate } from '../../../src/job/flow/divide-rate.ts'
import { RateShares } from '../../../src/job/flow/rate-shares.ts'

const idle = { perSecond: 0, share: 50 }
const hungry = { perSecond: 50, share: 50 }

describe('a rate over several workers', () => {
  it('is divided evenly while nothing is known, and when all could use more', () => {
    expect(divideRate(100, [{ perSecond: undefined, share: undefined }])).toEqual([100])
    expect(divideRate(100, [hungry, hungry])).toEqual([50, 50])
  })

  it('goes to those who need it', () => {
    const [one = 0, other = 0] = divideRate(100, [idle, hungry])
    expect(one).toBeLessThan(1)
    expect(other).toBeGreaterThan(99)
  })

  it('leaves nobody without when nobody needs much', () => {
    for (const share of divideRate(100, [idle, idle])) expect(share).toBe(50)
  })

  it('is never more than the whole, and always all of it', () => {
    const use = fc.record({
      perSecond: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
      share: fc.option(fc.double({ min: 1, max: 1e6, noNaN: true }), { nil: undefined })
    })
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        fc.array(use, { minLength: 1, maxLength: 20 }),
        (total, uses) => {
          const shares = divideRate(total, uses)
          expect(shares.reduce((sum, share) => sum + share, 0) / total).toBeCloseTo(1, 6)
          for (const share of shares) expect(share).toBeGreaterThan(0)
        }
      )
    )
  })

  it('settles where needs are met: each has what it wants, or an equal part of the rest', () => {
    const want = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(want, (wants) => {
        const shares = new RateShares()
        const sums = wants.map(() => 0)
        let used = wants.map(() => 0)
        for (let second = 0; second < 60; second++) {
          const readings = wants.map((_, process) => ({ process, bytes: sums[process] ?? 0, records: 0 }))
          const now = shares.divide({ bytes: 100 }, readings, second * 1000)
          used = wants.map((wanted, process) => Math.min(wanted, now.get(process)?.bytes ?? 0))
          for (const [process, bytes] of used.entries()) sums[process] = (sums[process] ?? 0) + bytes
        }
        const all = used.reduce((sum, one) => sum + one, 0)
        const possible = Math.min(
          100,
          wants.reduce((sum, one) => sum + one, 0)
        )
        expect(all).toBeGreaterThan(possible * 0.9)
        expect(all).toBeLessThanOrEqual(100.001)
      })
    )
  })

  it('gives each unit only where it is limited', () => {
    const readings = [{ process: 3, bytes: 0, records: 0 }]
    expect(new RateShares().divide({ records: 7 }, readings, 0)).toEqual(new Map([[3, { records: 7 }]]))
    expect(new RateShares().divide({}, readings, 0)).toEqual(new Map([[3, {}]]))
  })
})
