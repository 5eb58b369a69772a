import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeLatency, describeLimits, formatLatency } from '../../src/cli/describe-limits.ts'
import { NO_SECONDS } from '../../src/telemetry/metrics/limit-clock.ts'

describe('which side limits', () => {
  it('is said with the figures of all sides and what to do', () => {
    const { what, hint } = describeLimits({ source: 0.3, mirror: 1.5, target: 8.2, rate: 0, idle: 0 }) ?? {}
    expect(what).toBe('limited by target 82 % (source 3 %, mirror 15 %)')
    expect(hint).toContain('target')
    expect(describeLimits({ source: 6, mirror: 1, target: 1, rate: 0, idle: 2 })?.what).toBe(
      'limited by source 60 % (mirror 10 %, target 10 %, idle 20 %)'
    )
    expect(describeLimits({ source: 1, mirror: 9, target: 0, rate: 0, idle: 0 })?.hint).toContain('workers')
  })

  it('may be the limit that the user has set, which is named only where there is one', () => {
    const { what, hint } = describeLimits({ source: 0, mirror: 1, target: 0, rate: 9, idle: 0 }) ?? {}
    expect(what).toBe('limited by rate 90 % (source 0 %, mirror 10 %, target 0 %)')
    expect(hint).toContain('limits.rate')
    expect(describeLimits({ source: 9, mirror: 0, target: 0, rate: 1, idle: 0 })?.what).toContain('rate 10 %')
  })

  it('is none when there is nothing to copy most of the time', () => {
    expect(describeLimits({ source: 0, mirror: 1, target: 0, rate: 0, idle: 9 })).toEqual({
      what: 'not limited: nothing to copy 90 % of the time',
      hint: undefined
    })
  })

  it('is not guessed before a second is known', () => {
    expect(describeLimits(NO_SECONDS)).toBeUndefined()
    expect(describeLimits({ ...NO_SECONDS, source: 0.9 })).toBeUndefined()
  })

  it('names a side that has the most, whatever the figures', () => {
    const seconds = fc.double({ min: 0, max: 20, noNaN: true })
    fc.assert(
      fc.property(
        fc.record({ source: seconds, mirror: seconds, target: seconds, rate: seconds, idle: seconds }),
        (recent) => {
          const named = /limited by (\w+)/.exec(describeLimits(recent)?.what ?? '')?.[1]
          if (named !== 'source' && named !== 'mirror' && named !== 'target' && named !== 'rate') return
          expect(recent[named]).toBe(Math.max(recent.source, recent.mirror, recent.target, recent.rate))
        }
      )
    )
  })
})

it('a latency is written in the unit that fits', () => {
  expect([0.0004, 0.012, 0.9996, 59.9, 300, 9000].map(formatLatency)).toEqual([
    '0 ms',
    '12 ms',
    '1.0 s',
    '59.9 s',
    '5.0 min',
    '2.5 h'
  ])
  expect(describeLatency(undefined)).toBeUndefined()
})
