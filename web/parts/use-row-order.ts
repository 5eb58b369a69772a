import { useMemo, useRef } from 'preact/hooks'
import { keepOrder } from './keep-order.ts'
import { sortRows, type Sort, type SortValue } from './sort-rows.ts'

/**
 * Sorted when the sort changes or `again` is called, and then left as it is: live values change in their places.
 * `isStale` = sorting again would change something.
 */
export function useRowOrder<Row>(
  rows: readonly Row[],
  sort: Sort | undefined,
  round: number,
  valueOf: ((row: Row) => SortValue) | undefined,
  keyOf: (row: Row) => string
): { readonly ordered: readonly Row[]; readonly isStale: boolean } {
  const order = useRef<{ readonly of: string; readonly keys: readonly string[] }>({ of: '', keys: [] })
  return useMemo(() => {
    if (!sort || !valueOf) return { ordered: rows, isStale: false }
    const of = `${sort.column} ${String(sort.descending)} ${String(round)}`
    const sorted = sortRows(rows, valueOf, sort.descending)
    if (order.current.of !== of || order.current.keys.length === 0) {
      order.current = { of, keys: sorted.map(keyOf) }
      return { ordered: sorted, isStale: false }
    }
    const ordered = keepOrder(rows, order.current.keys, keyOf)
    return { ordered, isStale: ordered.some((row, index) => row !== sorted[index]) }
  }, [rows, sort, round])
}
