import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NUMBERS_OF_RUN } from '../../../src/model/offset-pairs.ts'
import { decodeBlock, encodePairs, findBlocks, type PairedPartition } from '../../../src/job/pairs/pair-block.ts'

const offset = fc.oneof(fc.nat(1000), fc.integer({ min: 0, max: 2 ** 50 }))

const runs = fc
  .array(fc.tuple(fc.nat(300), offset, offset, fc.oneof(fc.integer({ min: 1, max: 200 }), fc.constant(2 ** 40))))
  .map((all) => all.flat())

const topics = fc.record({
  source: fc.string({ maxLength: 12 }),
  target: fc.string({ maxLength: 12 }),
  sourceId: fc.constantFrom('', 'AAAAAAAAQACAAAAAAAAAAA=='),
  targetId: fc.constantFrom('', 'BBBBBBBBQACAAAAAAAAAAA==')
})

const partitions = fc.array(
  fc.record({ topics, partition: fc.nat(5000), generation: fc.nat(2 ** 40), forgotten: offset, runs }),
  { maxLength: 8 }
)

function decode(file: Buffer): PairedPartition[] {
  return [...findBlocks(file)].flatMap((block) => decodeBlock(block)?.partitions ?? [])
}

describe('blocks of offset pairs', () => {
  it('say what was put in', () => {
    fc.assert(
      fc.property(partitions, (written) => {
        expect(decode(encodePairs(written))).toEqual(written)
      })
    )
  })

  it('tell how many runs they have without being decoded', () => {
    fc.assert(
      fc.property(partitions, (written) => {
        const told = [...findBlocks(encodePairs(written))].reduce((sum, block) => sum + block.runs, 0)
        expect(told).toBe(written.reduce((sum, of) => sum + of.runs.length / NUMBERS_OF_RUN, 0))
      })
    )
  })

  it('cut off anywhere: what is whole before stays, nothing else is said', () => {
    fc.assert(
      fc.property(partitions, partitions, fc.double({ min: 0, max: 1, noNaN: true }), (first, second, where) => {
        const whole = encodePairs(first)
        const file = Buffer.concat([whole, encodePairs(second)])
        const at = Math.floor(where * file.length)
        const seen = decode(file.subarray(0, at))
        if (at < whole.length) expect(seen).toEqual([])
        else expect([first, [...first, ...second]]).toContainEqual(seen)
      })
    )
  })

  it('with any byte changed: that block is left out, those around it stay, never a wrong pair', () => {
    const three = fc.tuple(partitions, partitions, partitions)
    const damage = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.integer({ min: 1, max: 255 })
    )
    fc.assert(
      fc.property(three, damage, (all, [where, change]) => {
        const blocks = all.map((one) => encodePairs(one))
        const file = Buffer.concat(blocks)
        if (file.length === 0) return
        const at = Math.floor(where * file.length)
        file[at] = (file[at] ?? 0) ^ change
        let begin = 0
        const kept = all.filter((_, index) => {
          const length = blocks[index]?.length ?? 0
          const isHit = at >= begin && at < begin + length
          begin += length
          return !isHit
        })
        expect(decode(file)).toEqual(kept.flat())
      }),
      { numRuns: 500 }
    )
  })

  it('behind rubbish of any kind are found', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), partitions, (rubbish, written) => {
        const file = Buffer.concat([rubbish, Buffer.from('MRP1MRP'), encodePairs(written)])
        expect(decode(file)).toEqual(written)
      })
    )
  })

  it('of thousands of partitions are several, so that damage costs only some of them', () => {
    const shared = { source: 'a', target: 'b', sourceId: '', targetId: '' }
    const written = Array.from({ length: 5000 }, (_, partition) => {
      return { topics: shared, partition, generation: 1, forgotten: 0, runs: [partition, 7, 9, 1_000_000] }
    })
    const file = encodePairs(written)
    expect(file.length).toBeLessThan(5000 * 14)
    file[file.length >> 1] = (file[file.length >> 1] ?? 0) ^ 1
    expect(decode(file).length).toBeGreaterThan(4000)
    expect(decode(file).length).toBeLessThan(5000)
  })

  it('of runs that follow each other closely take few bytes each', () => {
    const shared = { source: 'a', target: 'b', sourceId: '', targetId: '' }
    // Transactions of 100 records, a marker behind each.
    const txn = Array.from({ length: 1000 }, (_, index) => [3, index * 101, 5000 + index * 100, 100]).flat()
    expect(encodePairs([{ topics: shared, partition: 1, generation: 1, forgotten: 0, runs: txn }]).length).toBeLessThan(
      4100
    )
  })
})
