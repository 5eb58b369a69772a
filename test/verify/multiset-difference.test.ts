import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BucketSums, type Heap, bucketOf } from '../../src/verify/bucket-sums.ts'
import { DigestTable } from '../../src/verify/digest-table.ts'
import { MultisetDifference, bucketGroups } from '../../src/verify/multiset-difference.ts'
import { digests } from './align.ts'

type Heaps = Readonly<Record<Heap, readonly number[]>>

/** As compare-unordered does it, with as many passes as `most` digests at a time need. */
function compare(heaps: Heaps, most: number): { readonly difference: MultisetDifference; readonly passes: number } {
  const sums = new BucketSums()
  const visit = (see: (heap: Heap, words: Uint32Array, at: number, offset: number) => void): void => {
    for (const heap of ['required', 'optional', 'target'] as const) {
      const { words } = digests(heaps[heap])
      for (let index = 0; index < heaps[heap].length; index++) see(heap, words, index * 4, index)
    }
  }
  visit((heap, words, at) => sums.add(heap, words, at))
  const { groups, equal } = bucketGroups(sums, most)
  const difference = new MultisetDifference(10)
  difference.addEqual(equal)
  for (const group of groups) {
    const table = new DigestTable(group.digests)
    visit((heap, words, at, offset) => {
      if (group.buckets.has(bucketOf(words, at))) table.add(heap, words, at, 0, offset)
    })
    difference.add(table)
  }
  return { difference, passes: groups.length }
}

const times = (list: readonly number[], record: number): number => list.filter((other) => other === record).length

/** The same by counting, without anything clever. */
function model({ required, optional, target }: Heaps) {
  const counts = { equal: 0, lost: 0, phantom: 0, again: 0 }
  for (const record of new Set([...required, ...optional, ...target])) {
    const [must, may, is] = [times(required, record), times(optional, record), times(target, record)]
    counts.lost += Math.max(0, must - is)
    counts.equal += Math.min(is, must + may)
    if (must + may > 0) counts.again += Math.max(0, is - must - may)
    else counts.phantom += is
  }
  return counts
}

describe('comparing sets of records', () => {
  it('needs no further pass for equal ones, in whatever order', () => {
    const records = Array.from({ length: 1000 }, (_, index) => index % 300)
    const { difference, passes } = compare({ required: records, optional: [], target: records.toReversed() }, 10)
    expect(passes).toBe(0)
    expect(difference.counts).toEqual({ equal: 1000, lost: 0, phantom: 0, again: 0 })
  })

  it('looks only at the buckets that differ', () => {
    const records = Array.from({ length: 1000 }, (_, index) => index)
    const { difference, passes } = compare({ required: records, optional: [], target: records.toSpliced(500, 1) }, 10)
    expect(passes).toBe(1)
    expect(difference.counts).toEqual({ equal: 999, lost: 1, phantom: 0, again: 0 })
    expect(difference.lost).toEqual([{ at: { range: 0, offset: 500 } }])
  })

  it('counts as one counts by hand, however little fits at a time', () => {
    const heap = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 })
    fc.assert(
      fc.property(
        fc.record({ required: heap, optional: heap, target: heap }),
        fc.integer({ min: 1, max: 200 }),
        (heaps, most) => {
          expect(compare(heaps, most).difference.counts).toEqual(model(heaps))
        }
      ),
      { numRuns: 200 }
    )
  })
})
