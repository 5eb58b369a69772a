import Table from 'cli-table3'
import pico from 'picocolors'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  '
}

/** Aligned columns without borders, a line each, title line first. Cells may be coloured. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  color: boolean
): readonly string[] {
  if (rows.length === 0) return []
  const { dim } = pico.createColors(color)
  const table = new Table({
    head: columns.map(({ title }) => dim(title)),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true }
  })
  for (const row of rows) table.push([...row])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}
