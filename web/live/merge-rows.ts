/**
 * Rows of a table after an update: those that are known keep their place, new ones go to the end; nothing jumps.
 * The result is the same array when nothing changed.
 */
export function mergeRows<Row>(
  rows: readonly Row[],
  changed: readonly Row[],
  keyOf: (row: Row) => string,
  removeMissing = false
): readonly Row[] {
  if (changed.length === 0 && !(removeMissing && rows.length > 0)) return rows
  const byKey = new Map(changed.map((row) => [keyOf(row), row]))
  const merged: Row[] = []
  for (const row of rows) {
    const key = keyOf(row)
    const now = byKey.get(key)
    if (now !== undefined) merged.push(now)
    else if (!removeMissing) merged.push(row)
    byKey.delete(key)
  }
  merged.push(...byKey.values())
  return merged
}
