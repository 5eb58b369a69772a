import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOff } from '../../../web/live/back-off.ts'
import { mergeLines } from '../../../web/live/merge-lines.ts'
import { mergeRows } from '../../../web/live/merge-rows.ts'

const row = (key: string, value = 0) => ({ key, value })
const keyOf = (one: { key: string }) => one.key

describe('mergeRows', () => {
  it('nothing jumps: known rows keep their place, new ones go to the end', () => {
    const rows = [row('b'), row('a')]
    expect(mergeRows(rows, [row('c', 1), row('a', 2)], keyOf)).toEqual([row('b'), row('a', 2), row('c', 1)])
  })

  it('nothing changed is the same array, so nothing is drawn anew', () => {
    const rows = [row('a')]
    expect(mergeRows(rows, [], keyOf)).toBe(rows)
  })

  it('a whole list removes what is gone, down to the last', () => {
    expect(mergeRows([row('a'), row('b')], [row('b', 1)], keyOf, true)).toEqual([row('b', 1)])
    expect(mergeRows([row('a')], [], keyOf, true)).toEqual([])
  })
})

describe('mergeLines', () => {
  const line = (id: number) => ({ id })

  it('lines that are replayed after a break are not there twice', () => {
    expect(mergeLines([line(1), line(2)], [line(2), line(3)], 10)).toEqual([line(1), line(2), line(3)])
  })

  it('always in order, none twice, and the newest stay', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50)),
        fc.array(fc.nat(50)),
        fc.integer({ min: 1, max: 20 }),
        (first, second, most) => {
          const known = mergeLines([], first.map(line), most)
          const ids = mergeLines(known, second.map(line), most).map(({ id }) => id)
          expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
          expect(ids.length).toBeLessThanOrEqual(most)
          if (second.length > 0) expect(ids.at(-1)).toBe(Math.max(...known.map(({ id }) => id), ...second))
        }
      )
    )
  })
})

it('a service that is away is asked less and less, but at least each 15 s', () => {
  const delays = [0, 1, 2, 3, 4, 5, 100].map((attempt) => backOff(attempt, () => 0))
  expect(delays).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
  expect(backOff(0, () => 1)).toBe(750)
})
