import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterRows } from '../../../web/parts/filter-rows.ts'
import { keepOrder } from '../../../web/parts/keep-order.ts'
import { rowWindow } from '../../../web/parts/row-window.ts'
import { sortRows } from '../../../web/parts/sort-rows.ts'

describe('rowWindow', () => {
  it('everything in view is drawn, and the scroll bar is as long as all rows', () => {
    fc.assert(
      fc.property(
        fc.nat(20_000),
        fc.integer({ min: 16, max: 60 }),
        fc.nat(400_000),
        fc.integer({ min: 0, max: 2000 }),
        (count, height, scrolled, view) => {
          const scrollTop = Math.min(scrolled, Math.max(0, count * height - view))
          const { first, end, above, below } = rowWindow(count, height, scrollTop, view)
          expect(above + (end - first) * height + below).toBe(count * height)
          if (count > 0) {
            expect(first * height).toBeLessThanOrEqual(scrollTop)
            expect(end * height).toBeGreaterThanOrEqual(Math.min(count * height, scrollTop + view))
          }
          // Few, however many there are.
          expect(end - first).toBeLessThanOrEqual(Math.ceil(view / height) + 60)
        }
      )
    )
  })
})

describe('sortRows', () => {
  it('p2 comes before p10; what is not known comes last in both directions', () => {
    const rows = ['p10', null, 'p2']
    expect(sortRows(rows, (one) => one, false)).toEqual(['p2', 'p10', null])
    expect(sortRows(rows, (one) => one, true)).toEqual(['p10', 'p2', null])
  })

  it('equal ones keep their order', () => {
    const rows = [
      { id: 1, lag: 5 },
      { id: 2, lag: 5 },
      { id: 3, lag: 9 }
    ]
    expect(sortRows(rows, ({ lag }) => lag, true).map(({ id }) => id)).toEqual([3, 1, 2])
  })
})

describe('keepOrder', () => {
  it('rows stay where they were, whatever their values; new ones come last, gone ones leave no hole', () => {
    expect(keepOrder(['a', 'c', 'd', 'b'], ['c', 'x', 'b', 'a'], (row) => row)).toEqual(['c', 'b', 'a', 'd'])
  })
})

describe('filterRows', () => {
  const rows = ['orders.placed Running', 'orders.shipped Paused', 'customers Running']
  const filter = (text: string) => filterRows(rows, text, (row) => [row])

  it('every word, in any order and case, and none with a dash', () => {
    expect(filter('RUNNING orders')).toEqual([rows[0]])
    expect(filter('-orders')).toEqual([rows[2]])
    expect(filter(' ')).toBe(rows)
    expect(filter('nothing like it')).toEqual([])
  })
})
