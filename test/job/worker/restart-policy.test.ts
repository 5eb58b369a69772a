import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RestartPolicy } from '../../../src/job/worker/restart-policy.ts'

describe('restarts of a worker that crashes', () => {
  it('come later each time, and end when nothing is ever delivered', () => {
    const policy = new RestartPolicy()
    const delays = Array.from({ length: 6 }, (_, index) => policy.next(index))
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, undefined])
  })

  it('never end while something is delivered between crashes, and wait five seconds at most', () => {
    const policy = new RestartPolicy()
    const delays = Array.from({ length: 20 }, (_, index) => {
      policy.progressed(index * 1000)
      return policy.next(index * 1000)
    })
    expect(delays).not.toContain(undefined)
    expect(delays.slice(0, 5)).toEqual([500, 1000, 2000, 4000, 5000])
    expect(delays.at(-1)).toBe(5000)
  })

  it('wait longer again for one that delivers nothing any more', () => {
    const policy = new RestartPolicy()
    for (let crash = 0; crash < 8; crash++) {
      policy.progressed(crash)
      policy.next(crash)
    }
    expect(policy.next(9)).toBe(30_000)
  })

  it('come at once again after a good minute', () => {
    const policy = new RestartPolicy()
    for (const now of [0, 1, 2]) policy.next(now)
    policy.progressed(2 + 60_000)
    expect(policy.next(70_000)).toBe(4000)
    policy.progressed(70_000 + 60_001)
    expect(policy.next(140_000)).toBe(500)
  })

  it('are never sooner than half a second nor later than half a minute, whatever happens', () => {
    const steps = fc.array(fc.record({ after: fc.nat(100_000), crash: fc.boolean() }), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (all) => {
        const policy = new RestartPolicy()
        let now = 0
        let fruitless = 0
        for (const { after, crash } of all) {
          now += after
          if (!crash) {
            policy.progressed(now)
            fruitless = 0
            continue
          }
          fruitless += 1
          const delay = policy.next(now)
          if (fruitless >= 6) expect(delay).toBeUndefined()
          else expect(delay).toSatisfy((ms: number) => ms >= 500 && ms <= 30_000)
        }
      })
    )
  })
})
