import fc from 'fast-check'
import { of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { OffsetRange } from '../../src/model/offset-range.ts'
import { findHoles } from '../../src/operators/find-holes.ts'
import { batchOf, range } from '../model/batch-of.ts'
import { passesEachOn } from './operator-cases.ts'

function through(offsets: readonly number[], policy: 'stop' | 'continue', isGapless = true) {
  const under = batchOf({ from: 10, to: 20, offsets })
  const holes: OffsetRange[] = []
  let out = under.batch
  const onHole = (_: unknown, hole: OffsetRange) => {
    holes.push(hole)
    return policy
  }
  of(under.batch)
    .pipe(findHoles({ isGapless: () => isGapless, onHole }))
    .subscribe((batch) => (out = batch))
  return { ...under, out, holes, left: out.payload?.records().map(({ offset }) => offset) ?? [] }
}

describe('findHoles', () => {
  passesEachOn(() => findHoles({ isGapless: () => true, onHole: () => 'stop' }))
  const failure = new Error('no rules')
  const broken = () => {
    throw failure
  }

  it('gives back the records of a batch for which it throws', () => {
    const { batch, held, settled } = batchOf({ from: 0, to: 10, offsets: [1] })
    const errors: unknown[] = []
    of(batch)
      .pipe(findHoles({ isGapless: broken, onHole: broken }))
      .subscribe({ error: (error: unknown) => errors.push(error) })
    expect([errors, held.records, settled]).toEqual([[failure], 0, [undefined]])
  })

  it('lets a whole batch pass, and any batch of a topic that may have holes', () => {
    expect(through(range(10, 20), 'stop').holes).toEqual([])
    const { out, batch, holes } = through([12, 15], 'stop', false)
    expect([out, holes]).toEqual([batch, []])
  })

  it('takes what was covered without records for a hole', () => {
    expect(through([], 'continue').holes).toEqual([{ from: 10, to: 20 }])
    expect(through([], 'stop').out).toMatchObject({ from: 10, to: 10 })
  })

  it('keeps what comes before the hole, and gives the rest back', () => {
    const { out, holes, left, held } = through([10, 11, 14, 15, 16, 17, 18, 19], 'stop')
    expect(out).toMatchObject({ from: 10, to: 12 })
    expect([holes, left, held.records]).toEqual([[{ from: 12, to: 14 }], [10, 11], 2])
  })

  it('names every hole exactly', () => {
    fc.assert(
      fc.property(fc.subarray(range(10, 20)), (offsets) => {
        const { holes, left } = through(offsets, 'continue')
        const missing = holes.flatMap(({ from, to }) => range(from, to))
        expect(missing).toEqual(range(10, 20).filter((offset) => !offsets.includes(offset)))
        expect(left).toEqual(offsets)
        for (const [index, { from }] of holes.slice(1).entries()) expect(from).toBeGreaterThan(holes[index]?.to ?? 0)
      })
    )
  })

  it('lets nothing overtake a hole', () => {
    fc.assert(
      fc.property(fc.subarray(range(10, 20), { maxLength: 9 }), (offsets) => {
        const { out, left } = through(offsets, 'stop')
        expect(left).toEqual(range(10, out.to))
      })
    )
  })
})
