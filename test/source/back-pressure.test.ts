import { afterEach, describe, expect, it } from 'vitest'
import type { Batch } from '../../src/model/batch.ts'
import { fillSource, RECORD, sleep, startSource, until } from './source-under-test.ts'
import type { SourceUnderTest } from './source-under-test.ts'

let running: SourceUnderTest | undefined

function start(...given: Parameters<typeof startSource>): SourceUnderTest {
  running = startSource(...given)
  return running
}

afterEach(() => running?.subscription.unsubscribe())

/** Each batch begins where the one before of its partition ended. */
function expectGapless(batches: readonly Batch[], from = 0): void {
  const next = new Map<number, number>()
  for (const { source, from: begin, to } of batches) {
    expect(begin).toBe(next.get(source.partition) ?? from)
    next.set(source.partition, to)
  }
}

describe('demand', () => {
  it('is never exceeded by more than one poll, and nothing is read while it is closed', async () => {
    const source = start(20_000)
    fillSource(source.cluster, 0, 200)
    source.add(0)
    await until('closed demand', () => !source.demand.isOpenFor(4000))
    const out = source.demand.charged
    await sleep(60)
    expect(source.demand.charged).toBe(out)
    expect(out).toBeLessThan(20_000 + 4000 + RECORD)
  })

  it('that opens again lets everything through, in order, without a gap', async () => {
    const source = start(20_000)
    source.consumer.maxRecords = 7
    for (const partition of [0, 1]) fillSource(source.cluster, partition, 150)
    source.add(0)
    source.add(1)
    const seen: Batch[] = []
    await until('everything', () => {
      seen.push(...source.settle())
      expect(source.demand.charged).toBeLessThan(20_000 + 4000 + 2 * 7 * RECORD)
      return seen.reduce((sum, { count }) => sum + count, 0) === 300
    })
    expectGapless(seen)
    expect(source.demand.charged).toBe(0)
    expect(source.consumer.heldRecords()).toBe(0)
  })

  it('closed for long pauses everything, partitions that come later too, and polling goes on', async () => {
    const source = start(6000)
    fillSource(source.cluster, 0, 100)
    source.add(0)
    await until('the pause', () => source.calls.includes('pause 0'))
    const polls = source.polls()
    fillSource(source.cluster, 1, 100)
    source.add(1)
    await until('the later pause', () => source.calls.includes('pause 1'))
    await until('polls', () => source.polls() > polls + 2)
    expect(source.demand.charged).toBeLessThan(6000 + 4000 + 3 * RECORD)
    const seen: Batch[] = []
    await until('everything', () => {
      seen.push(...source.settle())
      return seen.reduce((sum, { count }) => sum + count, 0) === 200
    })
    expectGapless(seen)
    expect(source.calls).toEqual(expect.arrayContaining(['resume 0', 'resume 1']))
  })

  it('on hold lets nothing out, not even what came before', async () => {
    const source = start(20_000)
    const release = source.demand.hold()
    fillSource(source.cluster, 0, 5)
    source.add(0)
    await sleep(60)
    expect(source.out).toEqual([])
    release()
    await until('the batch', () => source.out.length > 0)
  })
})

describe('a partition that has all it may have in flight', () => {
  it('is paused and read again without gap or duplicate, while the others go on', async () => {
    const source = start(20_000)
    source.consumer.maxRecords = 5
    for (const partition of [0, 1]) fillSource(source.cluster, partition, 100)
    source.full.add(0)
    source.add(0)
    source.add(1)
    const seen: Batch[] = []
    await until('the other partition', () => {
      seen.push(...source.settle(1))
      return seen.reduce((sum, { count }) => sum + count, 0) === 100
    })
    await until('the pause', () => source.calls.includes('pause 0'))
    expect(source.out).toEqual([])
    source.full.delete(0)
    await until('everything', () => {
      seen.push(...source.settle())
      return seen.reduce((sum, { count }) => sum + count, 0) === 200
    })
    expectGapless(seen)
    expect(source.errors).toEqual([])
  })

  it('for a moment only is held, and goes on where it was without a seek', async () => {
    const source = start(20_000, { maxHoldMs: 5000 })
    fillSource(source.cluster, 0, 5)
    source.full.add(0)
    source.add(0)
    await until('the hold', () => source.demand.charged > 0)
    await sleep(20)
    expect(source.out).toEqual([])
    source.full.delete(0)
    await until('the batch', () => source.out.length > 0)
    expect(source.calls).toEqual([])
  })

  it('drops what it held for too long, with its memory', async () => {
    const source = start(20_000)
    fillSource(source.cluster, 0, 5)
    source.full.add(0)
    source.add(0)
    await until('the pause', () => source.calls.includes('pause 0'))
    expect(source.demand.charged).toBe(0)
    expect(source.consumer.heldRecords()).toBe(0)
  })
})
