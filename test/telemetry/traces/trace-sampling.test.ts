import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { traceSampling, type SamplingOptions } from '../../../src/telemetry/traces/trace-sampling.ts'

const NEVER: SamplingOptions = { ratio: 0, always: [], failed: false }
const some = { source: { topic: 'orders', partition: 7 }, from: 0, to: 10, count: 10 }
const noRandom = (): number => {
  throw new Error('nothing is to be drawn')
}

describe('what is chosen while the batch has its records', () => {
  it('nothing at ratio 0, everything at 1, without drawing', () => {
    expect(traceSampling(NEVER, noRandom).head(some)).toBeUndefined()
    expect(traceSampling({ ...NEVER, ratio: 1 }, noRandom).head(some)).toEqual({ reason: 'ratio', asked: [] })
  })

  it('a batch is chosen exactly when what is drawn lies below the ratio', () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(unit, unit, (ratio, drawn) => {
        const chosen = traceSampling({ ...NEVER, ratio }, () => drawn).head(some) !== undefined
        expect(chosen).toBe(drawn < ratio)
      })
    )
  })

  it('about as many as the ratio says', () => {
    const sampling = traceSampling({ ...NEVER, ratio: 0.1 })
    const chosen = Array.from({ length: 20_000 }, () => sampling.head(some)).filter((choice) => choice !== undefined)
    expect(chosen.length / 20_000).toBeGreaterThan(0.08)
    expect(chosen.length / 20_000).toBeLessThan(0.12)
  })

  it('what was asked for, whatever the ratio', () => {
    const sampling = traceSampling({ ...NEVER, always: ['orders-7@5'] }, noRandom)
    expect(sampling.head(some)).toEqual({ reason: 'asked', asked: [{ from: 5, to: 6 }] })
    expect(sampling.head({ ...some, from: 6 })).toBeUndefined()
  })

  it('a batch without records only if it was asked for', () => {
    const empty = { ...some, count: 0 }
    expect(traceSampling({ ...NEVER, ratio: 1 }).head(empty)).toBeUndefined()
    expect(traceSampling({ ...NEVER, always: ['orders-7@5'] }).head(empty)?.reason).toBe('asked')
  })
})

describe('what is chosen when the batch has ended', () => {
  it.each([
    [{}, { milliseconds: 1e9, failed: true }, undefined],
    [{}, { milliseconds: 1e9, failed: false }, undefined],
    [{ failed: true }, { milliseconds: 1, failed: true }, 'failed'],
    [{ failed: true }, { milliseconds: 1e9, failed: false }, undefined],
    [{ slowerThanMs: 100 }, { milliseconds: 100, failed: false }, undefined],
    [{ slowerThanMs: 100 }, { milliseconds: 100.1, failed: false }, 'slow'],
    [{ slowerThanMs: 100 }, { milliseconds: 1e9, failed: true }, undefined],
    [{ slowerThanMs: 100, failed: true }, { milliseconds: 1e9, failed: true }, 'failed']
  ] as const)('%j: %j is %s', (options, outcome, reason) => {
    const sampling = traceSampling({ ...NEVER, ...options })
    expect(sampling.tail(outcome)).toBe(reason)
    expect(sampling.isSlow(outcome)).toBe('slowerThanMs' in options && !outcome.failed && outcome.milliseconds > 100)
  })
})
