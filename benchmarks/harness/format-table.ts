/** Rows under a header: the first two columns to the left, figures to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [header = [], ...rest] = rows
  const rule = header.map((_, column) => (column < 2 ? '---' : '---:'))
  return [header, rule, ...rest].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
