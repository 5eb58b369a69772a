import type { Column } from './suite-results.ts'

type Row = readonly string[]

/** Rows under a header, as wide as they need: figures to the right. */
export function formatTable(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, column) => Math.max(...lines.map((row) => (row[column] ?? '').length)))
  const pad = (cell: string, column: number): string =>
    columns[column]?.figure === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
  return lines.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

export function markdownTable(columns: readonly Column[], rows: readonly Row[]): string {
  const header = columns.map(({ title }) => title)
  const rule = columns.map(({ figure }) => (figure === true ? '---:' : '---'))
  return [header, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
