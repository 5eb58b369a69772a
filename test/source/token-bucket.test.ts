import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BURST_SECONDS, TokenBucket } from '../../src/source/token-bucket.ts'

describe('a token bucket', () => {
  it.each([0, -1, Number.NaN])('needs a rate above 0, not %d', (rate) => {
    expect(() => new TokenBucket(rate, 0)).toThrow(RangeError)
  })

  it('begins empty, and opens when there is enough for a poll', () => {
    const bucket = new TokenBucket(1000, 0)
    expect(bucket.available(0)).toBe(0)
    expect(bucket.available(49)).toBe(0)
    expect(bucket.opensIn(49)).toBeCloseTo(1)
    expect(bucket.available(50)).toBe(50)
  })

  it('saves up no more than a burst', () => {
    const bucket = new TokenBucket(1000, 0)
    expect(bucket.available(3_600_000)).toBe(1000 * BURST_SECONDS)
  })

  it('stays closed until a debt is paid off', () => {
    const bucket = new TokenBucket(200_000, 0)
    bucket.available(250)
    bucket.take(1_050_000, 250)
    expect(bucket.opensIn(250)).toBeCloseTo(5050)
    expect(bucket.available(5200)).toBe(0)
    expect(bucket.available(5301)).toBeGreaterThan(0)
  })

  it('keeps what is saved up and what is owed when the rate changes', () => {
    const bucket = new TokenBucket(1000, 0)
    bucket.take(900, 100)
    bucket.change(10_000, 100)
    expect(bucket.opensIn(100)).toBeCloseTo(130)
    bucket.change(1000, 200)
    expect(bucket.available(200)).toBe(200)
  })

  it('lets slow rates through one by one', () => {
    const bucket = new TokenBucket(0.5, 0)
    expect(bucket.available(1999)).toBe(0)
    expect(bucket.available(2000)).toBe(1)
  })

  /** A reader that looks every few milliseconds and takes batches of any size while it may. */
  const steps = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 60 }), size: fc.integer({ min: 1, max: 5000 }) }), {
    minLength: 200,
    maxLength: 400
  })

  it('never lets more through than the rate, a burst and one batch, in any span of time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), steps, (rate, looks) => {
        const bucket = new TokenBucket(rate, 0)
        const taken: { readonly at: number; readonly size: number }[] = []
        let now = 0
        for (const { ms, size } of looks) {
          now += ms
          if (bucket.available(now) === 0) continue
          bucket.take(size, now)
          taken.push({ at: now, size })
        }
        const burst = Math.max(1, rate * BURST_SECONDS)
        for (let first = 0; first < taken.length; first += 7) {
          let sum = 0
          for (const { at, size } of taken.slice(first)) {
            // The newest taking may leave a debt; all before it fit.
            const span = (at - (taken[first]?.at ?? 0)) / 1000
            expect(sum).toBeLessThanOrEqual(span * rate + burst + 5000 + 1e-6)
            sum += size
          }
        }
      }),
      { numRuns: 50 }
    )
  })

  it('lets the rate through within 5 % over 10 s, whatever the batches, when somebody always wants more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 10_000_000 }),
        fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        fc.integer({ min: 1, max: 100 }),
        (rate, share, ms) => {
          const bucket = new TokenBucket(rate, 0)
          const batch = Math.ceil(rate * share)
          let taken = 0
          for (let now = 0; now <= 10_000; now += ms) {
            while (bucket.available(now) > 0) {
              bucket.take(batch, now)
              taken += batch
            }
          }
          expect(taken / (rate * 10)).toBeGreaterThan(0.95)
          expect(taken / (rate * 10)).toBeLessThan(1.05)
        }
      )
    )
  })
})
