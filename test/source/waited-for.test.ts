import { afterEach, describe, expect, it } from 'vitest'
import type { BatchSourceOptions } from '../../src/source/batch-source.ts'
import { SIDES, type Side } from '../../src/telemetry/metrics/limit-clock.ts'
import { fillSource, RECORD, sleep, startSource, until, type SourceUnderTest } from './source-under-test.ts'

let running: SourceUnderTest[] = []

function start(limit: number, options: Partial<BatchSourceOptions> & { readonly partitions?: number } = {}) {
  const source = startSource(limit, options)
  running.push(source)
  return source
}

afterEach(async () => {
  for (const source of running) {
    source.subscription.unsubscribe()
    await source.whenEnded()
    source.settle()
  }
  running = []
})

/** Shares of the time of what happens meanwhile. */
async function shares(source: SourceUnderTest, work: () => Promise<void>): Promise<Record<Side, number>> {
  const from = source.spent.length
  await work()
  const spans = source.spent.slice(Math.max(0, from - 1))
  const shares = { source: 0, mirror: 0, target: 0, rate: 0, idle: 0 }
  for (const [index, [side, now]] of spans.entries())
    if (index > 0) shares[side] += now - (spans[index - 1]?.[1] ?? now)
  const total = SIDES.reduce((sum, side) => sum + shares[side], 0)
  for (const side of SIDES) shares[side] /= total
  return shares
}

describe('which side is waited for', () => {
  it('nothing: every partition is at its end, or there is none', async () => {
    const source = start(100_000)
    await sleep(20)
    expect((await shares(source, () => sleep(60))).idle).toBeGreaterThan(0.8)
    fillSource(source.cluster, 0, 5)
    const reader = source.add(0)
    await until('the end', () => reader.atEnd)
    source.settle()
    expect((await shares(source, () => sleep(60))).idle).toBeGreaterThan(0.8)
  })

  it('the source: records come slowly and the end is not reached', async () => {
    const source = start(100_000)
    fillSource(source.cluster, 0, 1000)
    // A broker that gives a record now and then.
    const poll = source.consumer.poll.bind(source.consumer)
    source.consumer.maxRecords = 1
    source.consumer.poll = async (maxBytes, timeoutMs) => {
      await sleep(8)
      return await poll(maxBytes, timeoutMs)
    }
    const settling = setInterval(() => source.settle(), 2)
    source.add(0)
    await sleep(20)
    const during = await shares(source, () => sleep(150))
    clearInterval(settling)
    expect(during.source).toBeGreaterThan(0.8)
  })

  it('the target: a source at full speed finds demand closed', async () => {
    const source = start(20 * RECORD, { pollBytes: 5 * RECORD })
    fillSource(source.cluster, 0, 1000)
    source.add(0)
    const settling = setInterval(() => source.settle(), 15)
    await sleep(20)
    const during = await shares(source, () => sleep(150))
    clearInterval(settling)
    expect(during.target).toBeGreaterThan(0.8)
    expect(during.source).toBeLessThan(0.05)
  })

  it('the target: demand was closed for so long that everything is paused', async () => {
    const source = start(10 * RECORD, { pauseAfterMs: 30 })
    fillSource(source.cluster, 0, 100)
    const reader = source.add(0)
    await until('the pause', () => reader.paused)
    await sleep(10)
    expect((await shares(source, () => sleep(250))).target).toBeGreaterThan(0.8)
  })

  it('the target: its partition is full, and the others have nothing to read', async () => {
    const source = start(100 * RECORD, { maxHoldMs: 1000 })
    source.full.add(0)
    fillSource(source.cluster, 0, 10)
    fillSource(source.cluster, 1, 1)
    source.add(0)
    const other = source.add(1)
    await until('the end of the other', () => other.atEnd)
    await sleep(20)
    expect((await shares(source, () => sleep(80))).target).toBeGreaterThan(0.8)
  })

  it('the target: all that there is was read, and nothing of it is acknowledged', async () => {
    const source = start(100 * RECORD)
    fillSource(source.cluster, 0, 10)
    const reader = source.add(0)
    await until('the end', () => reader.atEnd)
    await sleep(1100)
    expect((await shares(source, () => sleep(60))).target).toBeGreaterThan(0.8)
    source.settle()
    await sleep(20)
    expect((await shares(source, () => sleep(60))).idle).toBeGreaterThan(0.8)
  })

  it('none: what is there is taken as fast as it goes', async () => {
    const source = start(100_000_000, { pollBytes: 10 * RECORD })
    fillSource(source.cluster, 0, 3000)
    const reader = source.add(0)
    const during = await shares(source, () => until('all', () => reader.position > 2900))
    expect(during.mirror).toBeGreaterThan(0.8)
  })

  it('counts what it hands out, and not what it holds back', async () => {
    const source = start(100 * RECORD, { maxHoldMs: 1000 })
    source.full.add(0)
    fillSource(source.cluster, 0, 10)
    const reader = source.add(0)
    await until('something held', () => reader.heldSince !== undefined)
    expect(source.handedOut()).toBe(0)
    source.full.delete(0)
    await until('the records', () => source.out.length > 0)
    expect(source.handedOut()).toBe(source.out.length)
  })
})
