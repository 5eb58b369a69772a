import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LimitClock, SIDES } from '../../../src/telemetry/metrics/limit-clock.ts'

describe('the clock of limits', () => {
  it('gives the time since the last call to the side that it was spent on', () => {
    const clock = new LimitClock(1000)
    clock.spent('mirror', 1500)
    clock.spent('source', 3500)
    clock.spent('target', 3600)
    clock.settle(false)
    expect(clock.seconds()).toEqual({ mirror: 0.5, rate: 0, source: 2, target: 0.1, idle: 0 })
  })

  it('tells nothing of an interval that is not over', () => {
    const clock = new LimitClock(0)
    clock.spent('source', 1000)
    expect(clock.seconds().source).toBe(0)
  })

  it('counts waiting as work in an interval with a thread that was busy all the time, and in no other', () => {
    const clock = new LimitClock(0)
    clock.spent('source', 1000)
    clock.spent('target', 2000)
    clock.spent('idle', 4000)
    clock.settle(true)
    clock.spent('target', 4500)
    clock.settle(false)
    expect(clock.seconds()).toEqual({ mirror: 2, rate: 0, source: 0, target: 0.5, idle: 2 })
  })

  it('loses no time and makes none up, whatever happens', () => {
    const step = fc.record({ side: fc.constantFrom(...SIDES), ms: fc.nat(5000), settle: fc.option(fc.boolean()) })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const clock = new LimitClock(0)
        let now = 0
        for (const { side, ms, settle } of steps) {
          now += ms
          clock.spent(side, now)
          if (settle !== null) clock.settle(settle)
        }
        clock.settle(false)
        const sum = SIDES.reduce((total, side) => total + clock.seconds()[side], 0)
        expect(sum).toBeCloseTo(now / 1000)
      })
    )
  })
})
