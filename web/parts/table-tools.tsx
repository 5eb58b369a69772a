import type { ComponentChildren } from 'preact'
import { useCallback, useRef } from 'preact/hooks'
import { queryParameter, setQueryParameter } from '../app/location.ts'
import { useShortcut } from '../app/shortcuts.ts'
import { toCsv } from '../format/csv.ts'
import { formatExact } from '../format/numbers.ts'
import type { Column } from './column.ts'
import { copyText } from './copy-text.ts'
import { Icon } from './icon.tsx'
import { usePopup } from './use-popup.ts'

interface TableToolsProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly shown: readonly Column<Row>[]
  readonly isShown: (column: Column<Row>) => boolean
  readonly toggle: (column: Column<Row>) => void
  readonly visible: readonly Row[]
  readonly total: number
  readonly sortAgain: (() => void) | undefined
  readonly children: ComponentChildren
}

/** Above a table: filter, what else narrows it, how many rows, columns, copy. */
export function TableTools<Row>(props: TableToolsProps<Row>) {
  const { label, columns, shown, visible, total } = props
  const chooser = useRef<HTMLDivElement>(null)
  const popup = usePopup(chooser)
  const copy = () => {
    const csv = toCsv(
      shown.map((column) => column.id),
      visible.map((row) => shown.map((column) => (column.csv ? column.csv(row) : column.value(row))))
    )
    void copyText(csv, `${formatExact(visible.length)} rows as CSV`)
  }
  return (
    <div class="table-tools">
      <FilterBox label={`Filter ${label.toLowerCase()}`} />
      {props.children}
      <span class="shown" role="status">
        {visible.length === total ? formatExact(total) : `${formatExact(visible.length)} of ${formatExact(total)}`}
      </span>
      {props.sortAgain && (
        <button type="button" class="quiet" title="Values have changed since it was sorted" onClick={props.sortAgain}>
          Sort again
        </button>
      )}
      <div class="menu" ref={chooser}>
        <button
          type="button"
          class="quiet icon-only"
          aria-expanded={popup.isOpen}
          aria-label="Columns"
          title="Columns"
          onClick={popup.toggle}
        >
          <Icon name="columns" />
        </button>
        {popup.isOpen && (
          <div class="panel columns-panel" role="group" aria-label="Columns">
            {columns.slice(1).map((column) => (
              <label key={column.id}>
                <input type="checkbox" checked={props.isShown(column)} onChange={() => props.toggle(column)} />
                {column.title}
              </label>
            ))}
          </div>
        )}
      </div>
      <button type="button" class="quiet icon-only" aria-label="Copy as CSV" title="Copy as CSV" onClick={copy}>
        <Icon name="copy" />
      </button>
    </div>
  )
}

/** The filter of the page's table; it stands in the address. `/` leads to it, Escape clears it. */
function FilterBox({ label }: { readonly label: string }) {
  const input = useRef<HTMLInputElement>(null)
  const focus = useCallback(() => input.current?.select(), [])
  useShortcut('/', 'Filter the table', focus)
  return (
    <div class="filter">
      <input
        ref={input}
        type="text"
        placeholder="Filter"
        aria-label={label}
        title="Words that must occur; -word: must not"
        autocomplete="off"
        spellcheck={false}
        value={queryParameter('filter')}
        onInput={(event) => setQueryParameter('filter', event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setQueryParameter('filter', '')}
      />
      <Icon name="search" />
      <kbd aria-hidden="true">/</kbd>
    </div>
  )
}
