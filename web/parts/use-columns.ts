import { useState } from 'preact/hooks'
import { readStored, writeStored } from '../app/stored.ts'
import type { Column } from './column.ts'

/** Which columns of a table are shown; remembered by its name. The first one always is: it names the row. */
export function useColumns<Row>(table: string, columns: readonly Column<Row>[]) {
  const stored = `columns.${table}`
  const [changed, setChanged] = useState(() => parse(readStored(stored)))
  const isShown = (column: Column<Row>) => column === columns[0] || (changed[column.id] ?? !column.isExtra)
  return {
    shown: columns.filter(isShown),
    isShown,
    toggle: (column: Column<Row>) => {
      const next = { ...changed, [column.id]: !isShown(column) }
      setChanged(next)
      writeStored(stored, JSON.stringify(next))
    }
  }
}

function parse(text: string | null): Readonly<Record<string, boolean>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, boolean>) : {}
  } catch {
    return {}
  }
}
