import { describe, expect, it, afterEach } from 'vitest'
import { RateLimit } from '../../src/source/rate-limit.ts'
import { NOTHING_PAUSED } from '../../src/model/pauses.ts'
import { fillSource, sleep, startSource, until, type SourceUnderTest } from './source-under-test.ts'

let running: SourceUnderTest | undefined

afterEach(() => running?.subscription.unsubscribe())

describe('a rate limit', () => {
  it('lets everything through while none is set', () => {
    const limit = new RateLimit()
    limit.charge(1e9, 1e6, 0)
    expect(limit.allowed(0)).toBe(Infinity)
    expect(limit.opensIn(0)).toBe(0)
  })

  it('is met by both of its rates', () => {
    const limit = new RateLimit()
    limit.set({ bytes: 1000, records: 100 }, 0)
    expect(limit.allowed(200)).toBe(200)
    limit.charge(10, 20, 200)
    expect(limit.allowed(200)).toBe(0)
    expect(limit.opensIn(200)).toBeCloseTo(50)
  })

  it('that is taken away is gone at once, debt included', () => {
    const limit = new RateLimit()
    limit.set({ bytes: 10 }, 0)
    limit.charge(1e6, 1, 0)
    limit.set({}, 1)
    expect(limit.allowed(1)).toBe(Infinity)
  })

  it('holds back what is read, polling goes on, and all of it comes through in the end', async () => {
    const source = startSource(1e6, { partitions: 2 })
    running = source
    source.demand.rate.set({ records: 100 }, performance.now())
    source.consumer.maxRecords = 5
    fillSource(source.cluster, 0, 60)
    source.add(0)
    await sleep(300)
    const early = source.out.reduce((sum, { count }) => sum + count, 0)
    expect(early).toBeGreaterThan(10)
    expect(early).toBeLessThan(45)
    const waited = source.spent.filter(([side]) => side === 'rate').length
    expect(waited).toBeGreaterThan(0)
    await until('everything', () => source.out.reduce((sum, { count }) => sum + count, 0) === 60)
  })

  it('with a long debt pauses everything and goes on polling', async () => {
    const source = startSource(1e6)
    running = source
    source.demand.rate.set({ bytes: 1000 }, performance.now())
    source.demand.rate.charge(2000, 1, performance.now())
    await sleep(20)
    fillSource(source.cluster, 0, 50)
    source.add(0)
    await until('the pause', () => source.calls.includes('pause 0'))
    const polls = source.polls()
    await until('polls', () => source.polls() > polls)
    expect(source.out).toEqual([])
    source.demand.rate.set({}, performance.now())
    await until('everything', () => source.out.reduce((sum, { count }) => sum + count, 0) === 50)
  })

  it('does not charge twice for what was held back, dropped and read again', async () => {
    const source = startSource(1e6)
    running = source
    source.demand.rate.set({ records: 100 }, performance.now())
    await sleep(260)
    fillSource(source.cluster, 0, 20)
    source.full.add(0)
    source.add(0)
    await until('the pause', () => source.calls.includes('pause 0'))
    // Of the 25 that were saved up; some 5 would be left, and drip in at 1 in 10 ms.
    expect(source.demand.rate.allowed(performance.now())).toBeGreaterThanOrEqual(20 * 512)
  })
})

describe('a partition that the user pauses', () => {
  const orders = (partition: number) => ({ ...NOTHING_PAUSED, partitions: [{ topic: 'orders', partition }] })
  const counts = (source: SourceUnderTest) =>
    [0, 1].map((partition) =>
      source.out.filter((batch) => batch.source.partition === partition).reduce((sum, { count }) => sum + count, 0)
    )

  it('hands nothing out while the others go on, and goes on where it was', async () => {
    const source = startSource(1e6)
    running = source
    source.add(0)
    source.add(1)
    source.readers.setPauses(orders(1))
    await until('the pause', () => source.calls.includes('pause 1'))
    fillSource(source.cluster, 0, 30)
    fillSource(source.cluster, 1, 30)
    await until('the other', () => counts(source)[0] === 30)
    await sleep(100)
    expect(counts(source)).toEqual([30, 0])
    source.readers.setPauses(NOTHING_PAUSED)
    await until('all', () => counts(source)[1] === 30)
  })

  it('stays paused when it comes back after a rebalance', async () => {
    const source = startSource(1e6)
    running = source
    source.readers.setPauses(orders(1))
    fillSource(source.cluster, 1, 30)
    source.add(1)
    await until('the pause', () => source.calls.includes('pause 1'))
    await sleep(100)
    expect(counts(source)).toEqual([0, 0])
  })

  it('gives what was held back again when it goes on', async () => {
    const source = startSource(1e6)
    running = source
    source.full.add(0)
    fillSource(source.cluster, 0, 30)
    const reader = source.add(0)
    await until('held', () => reader.heldSince !== undefined)
    source.readers.setPauses({ ...NOTHING_PAUSED, job: true })
    source.full.delete(0)
    await sleep(120)
    expect(counts(source)).toEqual([0, 0])
    source.readers.setPauses(NOTHING_PAUSED)
    await until('all', () => counts(source)[0] === 30)
    expect(source.out[0]?.from).toBe(0)
  })
})
