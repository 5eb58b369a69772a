import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRun, NUMBERS_OF_RUN, type PairRuns } from '../../src/model/offset-pairs.ts'
import { NOTHING_TO_DELIVER, type OffsetRun } from '../../src/model/settlement.ts'
import { DeliveredPairs } from '../../src/pipeline/delivered-pairs.ts'
import { batchOf } from '../model/batch-of.ts'

/** Every pair that a list of runs says, one by one. */
function pairsOf(runs: readonly number[]): string[] {
  const pairs: string[] = []
  for (let at = 0; at < runs.length; at += NUMBERS_OF_RUN) {
    const [partition = 0, source = 0, target = 0, count = 0] = runs.slice(at, at + NUMBERS_OF_RUN)
    for (let ahead = 0; ahead < count; ahead++) pairs.push(`${source + ahead} ${partition}@${target + ahead}`)
  }
  return pairs
}

describe('merging runs', () => {
  it('says the same pairs in the same order, and leaves none that could be joined', () => {
    const offset = fc.nat(30)
    const run = fc.tuple(fc.nat(2), offset, offset, fc.integer({ min: 1, max: 4 }))
    fc.assert(
      fc.property(fc.array(run), (given) => {
        const runs: PairRuns = []
        for (const one of given) addRun(runs, ...one)
        expect(pairsOf(runs)).toEqual(pairsOf(given.flat()))
        for (let at = NUMBERS_OF_RUN; at < runs.length; at += NUMBERS_OF_RUN) {
          const [partition, source = 0, target = 0, count = 0] = runs.slice(at - NUMBERS_OF_RUN, at)
          expect(runs.slice(at, at + 3)).not.toEqual([partition, source + count, target + count])
        }
      })
    )
  })
})

describe('pairs from delivery reports', () => {
  const settled = (pairs: DeliveredPairs, batch: ReturnType<typeof batchOf>['batch'], ...runs: OffsetRun[]): void =>
    pairs.settled(batch.toTopic('copy').toPartition(2), { ...NOTHING_TO_DELIVER, runs })

  it('are one run for batches that follow each other, until they are taken', () => {
    const pairs = new DeliveredPairs()
    const { batch } = batchOf({ from: 0, to: 10 })
    pairs.begin({ ...batch.source, generation: 5 })
    settled(pairs, batch, { sourceOffset: 0, targetOffset: 100, count: 10 })
    settled(pairs, batch, { sourceOffset: 10, targetOffset: 110, count: 5 })
    settled(pairs, batch, { sourceOffset: 15, targetOffset: 200, count: 1 })
    expect(pairs.take()).toEqual([{ ...batch.source, generation: 5, runs: [2, 0, 100, 15, 2, 15, 200, 1] }])
    expect(pairs.take()).toEqual([])
    settled(pairs, batch, { sourceOffset: 16, targetOffset: 201, count: 1 })
    expect(pairs.take()).toEqual([{ ...batch.source, generation: 5, runs: [2, 16, 201, 1] }])
  })

  it('leave out what the broker did not tell', () => {
    const pairs = new DeliveredPairs()
    const { batch } = batchOf({ from: 0, to: 10 })
    pairs.begin({ ...batch.source, generation: 5 })
    settled(pairs, batch, { sourceOffset: 0, targetOffset: -1, count: 3 })
    expect(pairs.take()).toEqual([])
    settled(
      pairs,
      batch,
      { sourceOffset: 3, targetOffset: -1, count: 2 },
      { sourceOffset: 5, targetOffset: 8, count: 1 }
    )
    expect(pairs.take()).toMatchObject([{ runs: [2, 5, 8, 1] }])
  })

  it('of an earlier assignment keep its generation, though the partition was begun anew', () => {
    const pairs = new DeliveredPairs()
    const before = batchOf({ from: 0, to: 10 }).batch
    pairs.begin({ ...before.source, generation: 5 })
    settled(pairs, before, { sourceOffset: 0, targetOffset: 0, count: 1 })
    pairs.begin({ ...before.source, generation: 6 })
    const after = batchOf({ from: 0, to: 10, source: { ...before.source } }).batch
    settled(pairs, after, { sourceOffset: 0, targetOffset: 50, count: 1 })
    settled(pairs, before, { sourceOffset: 1, targetOffset: 1, count: 1 })
    expect(pairs.take()).toMatchObject([
      { generation: 5, runs: [2, 0, 0, 2] },
      { generation: 6, runs: [2, 0, 50, 1] }
    ])
  })

  it('of a partition that nobody keeps pairs of are none', () => {
    const pairs = new DeliveredPairs()
    const { batch } = batchOf({ from: 0, to: 10 })
    pairs.begin(batch.source)
    settled(pairs, batch, { sourceOffset: 0, targetOffset: 0, count: 1 })
    expect(pairs.take()).toEqual([])
  })

  it('are bounded where each record is a run of its own, and go on after they were taken', () => {
    const pairs = new DeliveredPairs(100)
    const { batch } = batchOf({ from: 0, to: 10 })
    pairs.begin({ ...batch.source, generation: 5 })
    const holes = Array.from({ length: 1000 }, (_, index) => ({
      sourceOffset: 2 * index,
      targetOffset: index,
      count: 1
    }))
    settled(pairs, batch, ...holes)
    settled(pairs, batch, ...holes)
    expect(pairs.take()[0]?.runs).toHaveLength(100 * NUMBERS_OF_RUN)
    settled(pairs, batch, ...holes.slice(0, 3))
    expect(pairs.take()[0]?.runs).toHaveLength(3 * NUMBERS_OF_RUN)
  })
})
