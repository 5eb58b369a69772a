import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Demand } from '../../src/source/demand.ts'

describe('demand', () => {
  it.each([0, -1, Number.NaN])('needs a limit above 0, not %d', (limit) => {
    expect(() => new Demand(limit)).toThrow(RangeError)
  })

  it('stands still when nothing is settled for a second, however much more is handed out, and not while empty', () => {
    let now = 0
    const demand = new Demand(100, () => now)
    const after = (milliseconds: number): boolean => {
      now += milliseconds
      return demand.standsStill
    }
    expect(after(5000)).toBe(false)
    demand.charge(10)
    expect(after(1000)).toBe(false)
    demand.charge(10)
    expect(after(1)).toBe(true)
    demand.release(10)
    expect(after(1000)).toBe(false)
    expect(after(1)).toBe(true)
    demand.release(10)
    expect(after(5000)).toBe(false)
  })

  it('has no room left at its limit, and none below 0 beyond it', () => {
    const demand = new Demand(100)
    demand.charge(100)
    expect(demand.room).toBe(0)
    demand.charge(50)
    expect(demand.room).toBe(0)
    demand.release(60)
    expect(demand.room).toBe(10)
  })

  it('refuses to release what was not charged', () => {
    const demand = new Demand(100)
    demand.charge(10)
    expect(() => demand.release(11)).toThrow(/more than was charged/)
  })

  it('does not open for crumbs of room', () => {
    const demand = new Demand(800)
    demand.charge(750)
    expect(demand.isOpenFor(1000)).toBe(false)
    demand.release(50)
    expect(demand.isOpenFor(1000)).toBe(true)
  })

  it('opens for a small poll in a small room', () => {
    const demand = new Demand(800)
    demand.charge(790)
    expect(demand.isOpenFor(10)).toBe(true)
    expect(demand.isOpenFor(11)).toBe(false)
  })

  it('is closed on hold whatever is charged, until every hold has ended once', () => {
    const demand = new Demand(100)
    const first = demand.hold()
    const second = demand.hold()
    first()
    first()
    expect(demand).toMatchObject({ onHold: true, room: 0 })
    second()
    expect(demand).toMatchObject({ onHold: false, room: 100 })
  })

  it.each([
    [1, 100],
    [2, 50],
    [4, 25],
    [100, 25]
  ])('lets each of %d partitions have %d of 100 bytes', (partitions, share) => {
    expect(new Demand(100).partitionShare(partitions)).toBe(share)
  })

  it('has charged the sum of what is out, and never less than 0, in any order', () => {
    const sizes = fc.array(fc.record({ bytes: fc.nat(1000), out: fc.boolean() }), { maxLength: 50 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 5000 }), (steps, limit) => {
        const demand = new Demand(limit)
        const out: number[] = []
        for (const { bytes, out: takeBack } of steps) {
          const settled = takeBack ? out.splice(bytes % Math.max(1, out.length), 1)[0] : undefined
          if (settled !== undefined) {
            demand.release(settled)
          } else {
            demand.charge(bytes)
            out.push(bytes)
          }
          const sum = out.reduce((total, one) => total + one, 0)
          expect(demand.charged).toBe(sum)
          expect(demand.room).toBe(Math.max(0, limit - sum))
        }
      })
    )
  })
})

describe('waiting for demand', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const state = async (promise: Promise<void>): Promise<string> =>
    await Promise.race([promise.then(() => 'open'), Promise.resolve().then(() => Promise.resolve('waiting'))])

  it('is over at once when there is room', async () => {
    await expect(new Demand(100).whenOpenFor(10, 1000)).resolves.toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends when enough was released, not before, and leaves no timer behind', async () => {
    const demand = new Demand(100)
    demand.charge(120)
    const waiting = demand.whenOpenFor(10, 1000)
    demand.release(20)
    expect(await state(waiting)).toBe('waiting')
    demand.release(10)
    expect(await state(waiting)).toBe('open')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends when the hold ends', async () => {
    const demand = new Demand(100)
    const release = demand.hold()
    const waiting = demand.whenOpenFor(10, 1000)
    expect(await state(waiting)).toBe('waiting')
    release()
    expect(await state(waiting)).toBe('open')
  })

  it('ends at the deadline when nothing comes', async () => {
    const demand = new Demand(100)
    demand.charge(100)
    const waiting = demand.whenOpenFor(10, 1000)
    await vi.advanceTimersByTimeAsync(999)
    expect(await state(waiting)).toBe('waiting')
    await vi.advanceTimersByTimeAsync(1)
    expect(await state(waiting)).toBe('open')
  })
})
