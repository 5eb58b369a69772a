import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addRun } from '../../src/model/offset-pairs.ts'
import type { MirrorOptions } from '../../src/pipeline/mirror.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { committedOf, eventsOf, fill, startMirror, until, valuesOf } from './mirror-under-test.ts'
import type { MirrorSetting, MirrorUnderTest } from './mirror-under-test.ts'

let source: FakeCluster
let target: FakeCluster
let running: MirrorUnderTest[]

beforeEach(() => {
  source = new FakeCluster()
  target = new FakeCluster()
  source.createTopic('orders', 2)
  target.createTopic('orders', 2)
  running = []
})

afterEach(async () => {
  for (const { mirror } of running) await mirror.stop(0)
})

function start(setting: Partial<MirrorSetting> = {}): MirrorUnderTest {
  const started = startMirror({ source, target, ...setting })
  running.push(started)
  return started
}

describe('a partition that was assigned', () => {
  it('is copied from its start to its end, in order, and committed', async () => {
    fill(source, 'orders', 0, 50)
    fill(source, 'orders', 1, 30)
    start()
    await until('all commits', () => committedOf(source, 'orders', 0) === 50 && committedOf(source, 'orders', 1) === 30)
    expect(valuesOf(target, 'orders', 0)).toEqual(valuesOf(source, 'orders', 0))
    expect(valuesOf(target, 'orders', 1)).toEqual(valuesOf(source, 'orders', 1))
  })

  it('has its new start committed before its first record is sent', async () => {
    fill(source, 'orders', 0, 5)
    source.removeBefore('orders', 0, 3)
    const seen: (number | undefined)[] = []
    const started = start({
      options: {
        tracer: {
          seen: ({ source: of }) => void seen.push(committedOf(source, 'orders', of.partition)),
          settled: () => undefined,
          committed: () => undefined
        }
      }
    })
    await until('records', () => target.records('orders', 0).length === 2)
    expect(seen[0]).toBe(3)
    expect(started.failures).toEqual([])
  })

  it('is not read while it is being prepared', async () => {
    fill(source, 'orders', 0, 5)
    let let_go = () => undefined as void
    const gate = new Promise<void>((resolve) => (let_go = resolve))
    const { mirror } = start({
      options: {
        prepare: async (partitions) => {
          await gate
          return partitions.map((of) => ({ ...of, target: 'orders', targetPartitions: 2, start: 0, committed: false }))
        }
      }
    })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(mirror.status().partitions).toEqual([])
    expect(target.records('orders', 0)).toEqual([])
    let_go()
    await until('records', () => target.records('orders', 0).length === 5)
  })

  it('whose preparation hangs does not keep the mirror from stopping', async () => {
    const started = start({ options: { prepare: async () => await new Promise(() => undefined) } })
    await until('a rebalance', () => started.consumer.heldRecords() === 0)
    await new Promise((resolve) => setTimeout(resolve, 30))
    await expect(started.mirror.stop(50)).resolves.toEqual([])
    expect(started.failures).toEqual([])
  })

  it('and prepared only after the stop began is never read', async () => {
    fill(source, 'orders', 0, 5)
    let let_go = () => undefined as void
    const gate = new Promise<void>((resolve) => (let_go = resolve))
    let asked = false
    const started = start({
      options: {
        prepare: async (partitions) => {
          asked = true
          await gate
          return partitions.map((of) => ({ ...of, target: 'orders', targetPartitions: 2, start: 0, committed: false }))
        }
      }
    })
    await until('the question', () => asked)
    const stopping = started.mirror.stop(100)
    let_go()
    expect(await stopping).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(target.records('orders', 0)).toEqual([])
    expect(started.failures).toEqual([])
  })

  it('but refused is not read, and what the group says of it stays', async () => {
    fill(source, 'orders', 0, 10)
    fill(source, 'orders', 1, 10)
    source.removeBefore('orders', 0, 6)
    source.commit('copy', { topic: 'orders', partition: 0, offset: 2 })
    const refusal = { code: 'MR_LOSS', message: 'gone', next: 'decide', place: {} }
    const started = start({
      prepared: (of) => (of.partition === 0 ? { ...of, start: 6, committed: false, refusal } : of)
    })
    await until('the other partition', () => committedOf(source, 'orders', 1) === 10)
    expect(target.records('orders', 0)).toEqual([])
    expect(eventsOf(started, 'partition-stopped')).toMatchObject([{ partition: { partition: 0 }, reason: refusal }])
    expect(await started.mirror.stop(100)).toEqual([])
    expect(committedOf(source, 'orders', 0)).toBe(2)
  })
})

describe('the end of a range', () => {
  const endingAt = (stop: number): Partial<MirrorSetting> => ({ prepared: (of) => ({ ...of, stop }) })

  it('is met exactly, and what came later is not copied', async () => {
    fill(source, 'orders', 0, 20)
    fill(source, 'orders', 1, 20)
    const started = start(endingAt(12))
    await until('completion', () => eventsOf(started, 'completed').length === 2)
    expect(valuesOf(target, 'orders', 0)).toEqual(valuesOf(source, 'orders', 0).slice(0, 12))
    expect(eventsOf(started, 'completed').map(({ to }) => to)).toEqual([12, 12])
    expect(await started.mirror.stop(1000)).toEqual([])
    expect(committedOf(source, 'orders', 0)).toBe(12)
  })

  it('is reached over control records', async () => {
    fill(source, 'orders', 0, 8)
    source.skip('orders', 0, 2)
    source.skip('orders', 1, 10)
    const started = start(endingAt(10))
    await until('completion', () => eventsOf(started, 'completed').length === 2)
    expect(target.records('orders', 0)).toHaveLength(8)
  })

  it('that is already there completes at once', async () => {
    const started = start(endingAt(0))
    await until('completion', () => eventsOf(started, 'completed').length === 2)
  })

  it('by time cuts a batch at the first later record, and completes', async () => {
    for (const partition of [0, 1]) {
      const records = [10, 20, 30, 25, 40].map((timestamp, offset) => ({ value: `${partition}:${offset}`, timestamp }))
      source.append('orders', partition, ...records)
    }
    const started = start({ prepared: (of) => ({ ...of, stopBefore: 30 }) })
    await until('completion', () => eventsOf(started, 'completed').length === 2)
    expect(valuesOf(target, 'orders', 0)).toEqual(['0:0', '0:1'])
    expect(started.mirror.status().partitions).toMatchObject([
      { state: 'completed', checkpoint: 2 },
      { state: 'completed', checkpoint: 2 }
    ])
  })

  it('that turns out while running completes what is beyond it already', async () => {
    fill(source, 'orders', 0, 10)
    const started = start()
    await until('all records', () => committedOf(source, 'orders', 0) === 10)
    started.mirror.endRanges([
      { topic: 'orders', partition: 0, offset: 10 },
      { topic: 'orders', partition: 1, offset: 0 }
    ])
    expect(eventsOf(started, 'completed').map(({ partition }) => partition.partition)).toEqual([0, 1])
    fill(source, 'orders', 0, 5)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(target.records('orders', 0)).toHaveLength(10)
  })

  it('that turns out before the partition is there holds for it, too', async () => {
    fill(source, 'orders', 0, 10)
    const started = start()
    started.mirror.endRanges([{ topic: 'orders', partition: 0, offset: 4 }])
    await until('completion', () => eventsOf(started, 'completed').length === 1)
    expect(target.records('orders', 0)).toHaveLength(4)
  })

  it('that turns out while batches below it are held back still delivers them', async () => {
    fill(source, 'orders', 0, 40)
    const producers: MirrorUnderTest['producers'] = []
    const started = start({
      options: { inFlightBytes: 12_000, pollBytes: 4000 },
      onProducer: (producer) => {
        producer.hold()
        producers.push(producer)
      }
    })
    started.consumer.maxRecords = 5
    await until('a full target', () => started.mirror.status().inFlightBytes >= 12_000)
    started.mirror.endRanges([{ topic: 'orders', partition: 0, offset: 20 }])
    producers[0]?.deliver()
    await until('completion', () => eventsOf(started, 'completed').length === 1)
    expect(valuesOf(target, 'orders', 0)).toEqual(valuesOf(source, 'orders', 0).slice(0, 20))
  })
})

describe('offset pairs', () => {
  it('are handed over before the commit that says their records are delivered, on the way and at the end', async () => {
    fill(source, 'orders', 0, 50)
    fill(target, 'orders', 0, 7)
    const kept: { readonly committed: number | undefined; readonly runs: readonly number[] }[] = []
    const keepPairs: MirrorOptions['keepPairs'] = async (delivered) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      for (const { partition, runs } of delivered) {
        if (partition === 0) kept.push({ committed: committedOf(source, 'orders', 0), runs })
      }
    }
    const { mirror } = start({ prepared: (partition) => ({ ...partition, generation: 1 }), options: { keepPairs } })
    await until('the commit', () => committedOf(source, 'orders', 0) === 50)
    fill(source, 'orders', 0, 10)
    await until('the rest', () => target.records('orders', 0).length === 67)
    await mirror.stop(1000)
    expect(committedOf(source, 'orders', 0)).toBe(60)
    const all: number[] = []
    for (const { committed = 0, runs } of kept) {
      // Nothing of these was committed when they were kept.
      expect(committed).toBeLessThanOrEqual(runs[1] ?? -1)
      for (let at = 0; at < runs.length; at += 4)
        addRun(all, ...(runs.slice(at, at + 4) as [number, number, number, number]))
    }
    expect(all).toEqual([0, 0, 7, 60])
  })
})
