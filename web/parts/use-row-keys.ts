import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'

/** Arrow keys, Page Up and Down, Home and End move the active row of a table; Enter opens it. */
export function useRowKeys<Row>(
  region: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  rowHeight: number,
  onOpen?: (row: Row) => void
) {
  const [active, setActive] = useState<string | undefined>(undefined)
  const onKeyDown = (event: KeyboardEvent) => {
    const element = region.current
    // Keys pressed on a button or link within the table are theirs.
    if (!element || event.target !== element || rows.length === 0) return
    const at = rows.findIndex((row) => keyOf(row) === active)
    const row = rows[at]
    if (event.key === 'Enter' && row !== undefined) {
      onOpen?.(row)
      return
    }
    const page = Math.max(1, Math.floor(element.clientHeight / rowHeight) - 2)
    const moved = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: Infinity }
    const wanted = moved[event.key as keyof typeof moved]
    if (wanted === undefined) return
    event.preventDefault()
    const next = Math.min(rows.length - 1, Math.max(0, wanted))
    const nextRow = rows[next]
    if (nextRow !== undefined) setActive(keyOf(nextRow))
    // One row of room for the sticky head.
    const top = next * rowHeight
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + 2 * rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = top + 2 * rowHeight - element.clientHeight
    }
  }
  return { active, setActive, onKeyDown }
}
