import { expect, it } from 'vitest'
import { CommitMeter } from '../../../src/telemetry/metrics/commit-meter.ts'

function meterAt() {
  const clock = { now: 0 }
  return { clock, meter: new CommitMeter(() => clock.now) }
}

it('an hour without records makes no checkpoint old; the first uncommitted record begins to age when it comes', () => {
  const { clock, meter } = meterAt()
  clock.now = 3_600_000
  expect(meter.age(false)).toBe(0)
  clock.now += 2000
  expect(meter.age(true)).toBe(2)
})

it('a commit that fails makes no checkpoint young, one that succeeds does', () => {
  const { clock, meter } = meterAt()
  clock.now = 5000
  meter.committed(false)
  clock.now = 7000
  expect(meter.age(true)).toBe(7)
  meter.committed(true)
  clock.now = 8000
  expect(meter.age(true)).toBe(1)
  expect(meter.read()).toEqual({ succeeded: 1, failed: 1 })
})
