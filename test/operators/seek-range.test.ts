import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Batch } from '../../src/model/batch.ts'
import { seekRange } from '../../src/operators/seek-range.ts'
import type { CopyRange, RangeTable } from '../../src/operators/seek-range.ts'
import { batchOf } from '../model/batch-of.ts'
import { givesBackOnError, passesEachOn } from './operator-cases.ts'

const ALL: CopyRange = { from: 0, to: Infinity, before: Infinity }

function rangesOf(given: Partial<CopyRange>): RangeTable & { readonly calls: string[] } {
  let range = { ...ALL, ...given }
  const calls: string[] = []
  return {
    calls,
    rangeOf: () => range,
    endAt: (_, offset) => {
      calls.push(`end at ${offset}`)
      range = { ...range, to: Math.min(range.to, offset) }
    },
    reached: () => calls.push('reached')
  }
}

function through(ranges: RangeTable, ...batches: Batch[]): Batch[] {
  const out: Batch[] = []
  of(...batches)
    .pipe(seekRange(ranges))
    .subscribe((batch) => out.push(batch))
  return out
}

const offsetsOf = (batch: Batch | undefined) => batch?.payload?.records().map(({ offset }) => offset)

describe('seekRange', () => {
  passesEachOn(() => seekRange(rangesOf({})))
  const failure = new Error('no table')
  const broken: RangeTable = {
    ...rangesOf({}),
    rangeOf: () => {
      throw failure
    }
  }
  givesBackOnError(() => seekRange(broken), failure)

  it('lets a batch inside pass untouched', () => {
    const { batch } = batchOf()
    const ranges = rangesOf({ to: 11 })
    expect(through(ranges, batch)).toEqual([batch])
    expect(ranges.calls).toEqual([])
  })

  it('cuts at both ends, gives back what is outside and says when the end is reached', () => {
    const { batch, held } = batchOf()
    const ranges = rangesOf({ from: 2, to: 6 })
    const [part] = through(ranges, batch)
    expect(part).toMatchObject({ from: 0, to: 6 })
    expect(offsetsOf(part)).toEqual([2, 3, 4, 5])
    expect(held.records).toBe(4)
    expect(ranges.calls).toEqual(['reached'])
  })

  it('says that the end is reached by a batch that ends there, with records or without', () => {
    const ranges = rangesOf({ to: 10 })
    through(ranges, batchOf().batch)
    through(ranges, batchOf({ from: 5, offsets: [] }).batch)
    expect(ranges.calls).toEqual(['reached', 'reached'])
  })

  it('keeps of a batch beyond the end only that there is nothing to copy', () => {
    const { batch, held } = batchOf({ from: 20, to: 30 })
    const [rest] = through(rangesOf({ to: 15 }), batch)
    expect(rest).toMatchObject({ from: 20, to: 20, payload: undefined })
    expect(held.records).toBe(0)
  })

  it('ends at the first record stamped at or after the time, once', () => {
    const ranges = rangesOf({ before: 5 })
    const [first, second] = through(ranges, batchOf().batch, batchOf({ from: 10, to: 20 }).batch)
    expect(offsetsOf(first)).toEqual([0, 1, 2, 3, 4])
    expect(second).toMatchObject({ count: 0, from: 10, to: 10 })
    expect(ranges.calls).toEqual(['end at 5', 'reached', 'reached'])
  })

  it('does not end for a late record behind the end by offset', () => {
    const ranges = rangesOf({ to: 4, before: 8 })
    const [part] = through(ranges, batchOf().batch)
    expect(offsetsOf(part)).toEqual([0, 1, 2, 3])
    expect(ranges.calls).toEqual(['reached'])
  })

  it('ends at a record in the middle although later ones are stamped earlier', () => {
    const stamps = [1, 9, 2, 3]
    const { batch } = batchOf({ to: 4, timestampOf: (offset) => stamps[offset] ?? 0 })
    expect(offsetsOf(through(rangesOf({ before: 9 }), batch)[0])).toEqual([0])
  })
})
