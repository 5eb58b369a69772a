import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NUMBERS_OF_RUN } from '../../src/model/offset-pairs.ts'
import { chunkFor, PairCheck } from '../../src/verify/pair-check.ts'
import { RunSweep } from '../../src/verify/run-sweep.ts'
import { TopicPairs } from '../../src/verify/topic-pairs.ts'
import type { TopicBounds } from '../../src/verify/verify-types.ts'
import { digests } from './align.ts'

const SOURCE = { topic: 'a', isTrimmed: false, isStartUnknown: false }

/** Records of one partition: the number at index i is at offset i; undefined = a hole. */
type Log = readonly (number | undefined)[]

function boundsOf(sources: readonly Log[], targets: readonly Log[]): TopicBounds {
  return {
    target: 'b',
    sources: ['a'],
    sourceRanges: sources.map(({ length }, partition) => ({
      ...SOURCE,
      partition,
      from: 0,
      to: length,
      requiredTo: length
    })),
    targetRanges: targets.map(({ length }, partition) => {
      return { topic: 'b', partition, from: 0, to: length, isTrimmed: false }
    }),
    isOrdered: false,
    isRestamped: false,
    isCompacted: false
  }
}

/** Shows a log piece by piece. */
function show(check: PairCheck, side: 'source' | 'target', range: number, log: Log, piece: number): void {
  for (let from = 0; from < log.length; from += piece) {
    const offsets = [...log.keys()].slice(from, from + piece).filter((offset) => log[offset] !== undefined)
    check.take(side, range, {
      ...digests(
        offsets.map((offset) => log[offset] ?? 0),
        offsets
      ),
      keys: new Uint32Array()
    })
  }
}

const log = fc.array(fc.option(fc.nat(5), { nil: undefined, freq: 9 }), { maxLength: 40 })

describe('sums over offset pairs', () => {
  it('tell exactly the chunks with a pair that differs, however both sides are read', () => {
    const run = fc.tuple(fc.nat(1), fc.nat(1), fc.nat(45), fc.nat(45), fc.integer({ min: 1, max: 20 }))
    const two = fc.tuple(log, log)
    fc.assert(
      fc.property(
        two,
        two,
        fc.array(run, { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (sources, targets, runs, piece) => {
          const bounds = boundsOf(sources, targets)
          const pairs = new TopicPairs(bounds, ({ partition }) => ({
            target: 'b',
            runs: runs.filter(([source]) => source === partition).flatMap(([, ...others]) => others)
          }))
          const check = new PairCheck(pairs, bounds, 8)
          // One side far ahead of the other.
          for (const [range, records] of targets.entries()) show(check, 'target', range, records, piece)
          for (const [range, records] of sources.entries()) show(check, 'source', range, records, piece + 3)
          const wrong = new Set<string>()
          let seen = 0
          for (const [source, target, from, to, count] of runs) {
            for (let ahead = 0; ahead < count; ahead++) {
              const [s, t] = [from + ahead, to + ahead]
              const [record, copy] = [sources[source]?.[s], targets[target]?.[t]]
              if (s >= (sources[source]?.length ?? 0) || t >= (targets[target]?.length ?? 0)) continue
              if (copy !== undefined) seen++
              if (record !== copy) wrong.add(`${source} ${Math.floor(s / 8)}`)
            }
          }
          const told = new Set<string>()
          for (const { partition, from, to } of check.suspicious()) {
            for (let at = from; at < to; at += 8) told.add(`${partition} ${Math.floor(at / 8)}`)
          }
          // A record that is missing here and one that is too many there make up for nothing.
          expect([...told].toSorted()).toEqual([...wrong].toSorted())
          expect(check.checked).toBe(seen)
        }
      ),
      { numRuns: 300 }
    )
  })

  it('see two records that changed places', () => {
    const records = Array.from({ length: 5000 }, (_, index) => index)
    const copy = records.toSpliced(4000, 2, 4001, 4000)
    const bounds = boundsOf([records], [copy])
    const pairs = new TopicPairs(bounds, () => ({ target: 'b', runs: [0, 0, 0, 5000] }))
    const check = new PairCheck(pairs, bounds, 4096)
    show(check, 'source', 0, records, 100)
    show(check, 'target', 0, copy, 77)
    expect(check.suspicious()).toEqual([{ topic: 'a', partition: 0, from: 0, to: 4096 }])
  })

  it('fit into their share of the memory', () => {
    expect(chunkFor(1e6, 1 << 20)).toBe(4096)
    for (const offsets of [1e8, 1e10, 1e13])
      expect((offsets / chunkFor(offsets, 1 << 20)) * 8).toBeLessThanOrEqual(1 << 20)
  })
})

describe('runs that are swept over', () => {
  it('are shown where they are, also those that overlap', () => {
    const run = fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 12 }))
    fc.assert(
      fc.property(
        fc.array(run),
        fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 7 })), { maxLength: 12 }),
        (runs, steps) => {
          const sorted = runs.toSorted(([a], [b]) => a - b)
          const sweep = new RunSweep(
            Float64Array.from(sorted, ([start]) => start),
            Float64Array.from(sorted, ([, count]) => count)
          )
          let at = 0
          for (const [skip, width] of steps) {
            const [from, to] = [at + skip, at + skip + width]
            const seen: string[] = []
            sweep.visit(from, to, (index, low, high) => seen.push(`${index} ${low} ${high}`))
            const expected = sorted.flatMap(([start, count], index) => {
              const [low, high] = [Math.max(start, from), Math.min(start + count, to)]
              return low < high ? [`${index} ${low} ${high}`] : []
            })
            expect(seen.toSorted()).toEqual(expected.toSorted())
            at = to
          }
        }
      )
    )
  })
})

describe('pairs of a topic', () => {
  it('are found from either side, those that were delivered again the newest first', () => {
    const nothing = Array.from({ length: 200 }, () => 0)
    const bounds = boundsOf([nothing, nothing], [nothing, nothing])
    const runs = [1, 0, 100, 50, 0, 40, 7, 20, 1, 30, 150, 10]
    const pairs = new TopicPairs(bounds, ({ partition }) => (partition === 1 ? { target: 'b', runs } : undefined))
    const at = (topic: string, partition: number, offset: number) => ({ topic, partition, offset })
    expect(pairs.targetsOf(at('a', 1, 45))).toEqual([at('b', 1, 145), at('b', 0, 12)])
    expect(pairs.targetsOf(at('a', 1, 35))).toEqual([at('b', 1, 155), at('b', 1, 135)])
    expect(pairs.targetsOf(at('a', 0, 45))).toEqual([])
    expect(pairs.targetsOf(at('elsewhere', 1, 45))).toEqual([])
    expect(pairs.sourcesOf(at('b', 0, 7))).toEqual([at('a', 1, 40)])
    expect(pairs.sourcesOf(at('b', 0, 27))).toEqual([])
    expect(runs.length % NUMBERS_OF_RUN).toBe(0)
  })

  it('into another topic do not count', () => {
    const bounds = boundsOf([[1]], [[1]])
    expect(new TopicPairs(bounds, () => ({ target: 'c', runs: [0, 0, 0, 1] })).isEmpty).toBe(true)
  })
})
