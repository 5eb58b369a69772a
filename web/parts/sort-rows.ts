export type SortValue = string | number | null

export interface Sort {
  readonly column: string
  readonly descending: boolean
}

const collator = new Intl.Collator('en', { numeric: true })

/** Stable; what is not known comes last, whatever the direction. Texts with numbers sort as people count: p2 before p10. */
export function sortRows<Row>(
  rows: readonly Row[],
  value: (row: Row) => SortValue,
  descending: boolean
): readonly Row[] {
  const sign = descending ? -1 : 1
  return rows
    .map((row) => ({ row, value: value(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
      if (typeof a.value === 'number' && typeof b.value === 'number') return sign * (a.value - b.value)
      return sign * collator.compare(String(a.value), String(b.value))
    })
    .map(({ row }) => row)
}
