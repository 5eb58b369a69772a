import type { ComponentChildren } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { queryParameter, setQueryParameter } from '../app/location.ts'
import { type Column, SHARED_WIDTH } from './column.ts'
import { filterRows } from './filter-rows.ts'
import { Icon } from './icon.tsx'
import type { Sort } from './sort-rows.ts'
import { TableTools } from './table-tools.tsx'
import { useColumns } from './use-columns.ts'
import { useRowKeys } from './use-row-keys.ts'
import { useRowOrder } from './use-row-order.ts'
import { useRowWindow } from './use-row-window.ts'

interface DataTableProps<Row> {
  /** Unique within the console: chosen columns are remembered by it. */
  readonly id: string
  readonly label: string
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  /** At first; the address keeps what was chosen. */
  readonly sort?: Sort
  /** Enter on a row. A link for the mouse stands in the first column. */
  readonly onOpen?: (row: Row) => void
  /** Buttons at the end of a row, and how much room they need. */
  readonly buttons?: { readonly width: number; readonly of: (row: Row) => ComponentChildren } | undefined
  /** Further filters, before the column chooser. */
  readonly tools?: ComponentChildren
  /** Two lines a row. */
  readonly isRoomy?: boolean
  /** How many there are when some were left out before. */
  readonly total?: number
}

/** Thousands of rows: sticky head, sorted by a click, filtered by `/`, only what is in view is drawn. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { id, label, rows, keyOf, columns, onOpen, buttons, isRoomy } = props
  const region = useRef<HTMLDivElement>(null)
  const { shown, isShown, toggle } = useColumns(id, columns)
  const filter = queryParameter('filter')
  const sort = parseSort(queryParameter('sort')) ?? props.sort
  const [round, setRound] = useState(0)

  const { ordered, isStale } = useRowOrder(
    rows,
    sort,
    round,
    columns.find((column) => column.id === sort?.column)?.value,
    keyOf
  )
  const visible = useMemo(() => {
    const filtered = columns.filter((column) => !column.isUnfiltered)
    return filterRows(ordered, filter, (row) => filtered.map((column) => String(column.value(row) ?? '')))
  }, [ordered, filter])

  const rowHeight = isRoomy ? 44 : 32
  const view = useRowWindow(region, visible.length, rowHeight)
  const keys = useRowKeys(region, visible, keyOf, rowHeight, onOpen)

  const sortBy = (column: Column<Row>) => {
    const descending = sort?.column === column.id ? !sort.descending : column.align === 'end'
    setQueryParameter('sort', `${descending ? '-' : ''}${column.id}`)
    setRound(round + 1)
  }
  const leastWidth = shown.reduce((sum, column) => sum + (column.width ?? SHARED_WIDTH), buttons?.width ?? 0)
  const span = shown.length + (buttons ? 1 : 0)

  return (
    <div>
      <TableTools
        label={label}
        columns={columns}
        shown={shown}
        isShown={isShown}
        toggle={toggle}
        visible={visible}
        total={props.total ?? rows.length}
        sortAgain={isStale ? () => setRound(round + 1) : undefined}
      >
        {props.tools}
      </TableTools>
      <div
        class={`table-scroll ${isRoomy ? 'roomy' : ''}`}
        ref={region}
        tabIndex={0}
        role="region"
        aria-label={label}
        onKeyDown={keys.onKeyDown}
      >
        <table aria-rowcount={visible.length + 1} style={{ '--least-width': `${String(leastWidth)}px` }}>
          <colgroup>
            {shown.map((column) => (
              <col key={column.id} class={wideOnly(column)} style={column.width ? pixels('width', column.width) : {}} />
            ))}
            {buttons && <col style={pixels('width', buttons.width)} />}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {shown.map((column) => (
                <th
                  key={column.id}
                  scope="col"
                  class={`${column.align ?? ''} ${wideOnly(column)}`}
                  {...(sort?.column === column.id && { 'aria-sort': sort.descending ? 'descending' : 'ascending' })}
                >
                  <button type="button" title={column.help ?? `Sort by ${column.title}`} onClick={() => sortBy(column)}>
                    <span>{column.title}</span>
                    {sort?.column === column.id && <Icon name={sort.descending ? 'down' : 'up'} />}
                  </button>
                </th>
              ))}
              {buttons && (
                <th scope="col">
                  <span class="hidden-text">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {view.above > 0 && <Spacer height={view.above} />}
            {visible.slice(view.first, view.end).map((row, index) => {
              const key = keyOf(row)
              return (
                <tr
                  key={key}
                  aria-rowindex={view.first + index + 2}
                  class={keys.active === key ? 'active' : ''}
                  onMouseDown={() => keys.setActive(key)}
                >
                  {shown.map((column, place) => (
                    <Cell key={column.id} column={column} row={row} isHead={place === 0} />
                  ))}
                  {buttons && <td class="buttons">{buttons.of(row)}</td>}
                </tr>
              )
            })}
            {view.below > 0 && <Spacer height={view.below} />}
            {visible.length === 0 && (
              <tr>
                <td colSpan={span} class="nothing">
                  Nothing matches the filter.{' '}
                  {filter !== '' && (
                    <button type="button" class="link" onClick={() => setQueryParameter('filter', '')}>
                      Clear it
                    </button>
                  )}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </div>
  )
}

function Cell<Row>({
  column,
  row,
  isHead
}: {
  readonly column: Column<Row>
  readonly row: Row
  readonly isHead: boolean
}) {
  const value = column.value(row)
  const content = column.cell ? column.cell(row) : (value ?? <span class="nothing">–</span>)
  const title = typeof value === 'string' ? { title: value } : {}
  const className = `${column.align ?? ''} ${wideOnly(column)}`
  return isHead ? (
    <th scope="row" class={className} {...title}>
      {content}
    </th>
  ) : (
    <td class={className} {...title}>
      {content}
    </td>
  )
}

function Spacer({ height }: { readonly height: number }) {
  return (
    <tr class="spacer" aria-hidden="true">
      {/* Without a span: over columns that are not shown it would make new ones. */}
      <td style={pixels('height', height)} />
    </tr>
  )
}

function wideOnly<Row>(column: Column<Row>): string {
  return column.isWideOnly ? 'wide-only' : ''
}

function parseSort(text: string): Sort | undefined {
  if (text === '') return undefined
  return text.startsWith('-') ? { column: text.slice(1), descending: true } : { column: text, descending: false }
}

/** Preact 11 takes a number as it is, and a length without a unit is none. */
function pixels(property: 'width' | 'height', value: number) {
  return { [property]: `${String(value)}px` }
}
