/** Rows in the order of these keys; rows that are new since then at the end: live values change, places do not. */
export function keepOrder<Row>(
  rows: readonly Row[],
  keys: readonly string[],
  keyOf: (row: Row) => string
): readonly Row[] {
  const place = new Map(keys.map((key, index) => [key, index]))
  const known: (Row | undefined)[] = keys.map(() => undefined)
  const added: Row[] = []
  for (const row of rows) {
    const index = place.get(keyOf(row))
    if (index === undefined) added.push(row)
    else known[index] = row
  }
  return [...known.filter((row) => row !== undefined), ...added]
}
