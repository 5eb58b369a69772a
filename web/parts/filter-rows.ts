/** Rows in which each word of the filter occurs somewhere, whatever its case; `-word` = nowhere. */
export function filterRows<Row>(
  rows: readonly Row[],
  filter: string,
  texts: (row: Row) => readonly string[]
): readonly Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const text = texts(row).join('\n').toLowerCase()
    return words.every((word) =>
      word.length > 1 && word.startsWith('-') ? !text.includes(word.slice(1)) : text.includes(word)
    )
  })
}
