import { describe, expect, it } from 'vitest'
import {
  busiestShare,
  readThreadTimes,
  ThreadLoad,
  type ThreadTimes
} from '../../../src/telemetry/metrics/thread-load.ts'

const SECOND_NS = 1e9

describe('the busiest thread', () => {
  it('is the one that ran or waited for a processor longest; a new one counts from its beginning', () => {
    const earlier = new Map([
      ['1', 10 * SECOND_NS],
      ['2', 0]
    ])
    const later = new Map([
      ['1', 10.2 * SECOND_NS],
      ['2', 0.5 * SECOND_NS],
      ['3', 0.9 * SECOND_NS]
    ])
    expect(busiestShare(earlier, later, 1000)).toBeCloseTo(0.9)
  })

  it('is told from reading to reading, and all threads together where they can not be told apart', () => {
    let now = 0
    let threads: ThreadTimes | undefined = new Map([['1', 0]])
    let microseconds = 0
    const load = new ThreadLoad({ now: () => now, threadTimes: () => threads, processTime: () => microseconds })
    now = 2000
    threads = new Map([['1', SECOND_NS]])
    expect(load.read()).toBeCloseTo(0.5)
    now = 3000
    expect(load.age).toBe(1000)
    expect(load.read()).toBe(0)
    threads = undefined
    now = 4000
    microseconds = 700_000
    expect(load.read()).toBeCloseTo(0.7)
    now = 5000
    microseconds += 1_900_000
    expect(load.read()).toBe(1)
  })

  it.runIf(process.platform === 'linux')('is seen when this process computes, and not when it sleeps', async () => {
    const before = readThreadTimes()
    const began = performance.now()
    while (performance.now() - began < 100);
    const busy = readThreadTimes()
    expect(busiestShare(before ?? new Map(), busy ?? new Map(), 100)).toBeGreaterThan(0.7)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(busiestShare(busy ?? new Map(), readThreadTimes() ?? new Map(), 200)).toBeLessThan(0.7)
  })
})
