import type { JsonMap, MappingRow } from '../../src/api/contract.ts'
import type { Column } from '../parts/column.ts'
import { Count } from '../parts/figures.tsx'
import { Mark } from '../parts/state-mark.tsx'
import { actionSentence } from './logic/sentences.ts'

interface MappingEdit {
  readonly overrides: JsonMap
  readonly rename: (row: MappingRow, name: string) => void
}

export function mappingColumns({ overrides, rename }: MappingEdit): readonly Column<MappingRow>[] {
  const targetOf = (row: MappingRow): string => {
    const given = Object.hasOwn(overrides, row.source) ? overrides[row.source] : undefined
    return typeof given === 'string' ? given : row.target
  }
  return [
    { id: 'source', title: 'Source topic', value: ({ source }) => source },
    {
      id: 'target',
      title: 'Target topic',
      help: 'Empty it for the name by rule',
      value: targetOf,
      cell: (row) => (
        <input
          class={`in-cell ${Object.hasOwn(overrides, row.source) ? 'edited' : ''}`}
          type="text"
          aria-label={`Target topic of ${row.source}`}
          autocomplete="off"
          spellcheck={false}
          value={targetOf(row)}
          onChange={(event) => rename(row, event.currentTarget.value.trim())}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            // Takes the name; the form goes on by its button.
            event.preventDefault()
            event.currentTarget.blur()
          }}
        />
      )
    },
    {
      id: 'partitions',
      title: 'Partitions',
      align: 'end',
      isWideOnly: true,
      value: ({ sourcePartitions }) => sourcePartitions,
      cell: ({ sourcePartitions, targetPartitions }) => `${String(sourcePartitions)} → ${String(targetPartitions)}`,
      width: 100
    },
    {
      id: 'action',
      title: 'Target',
      isWideOnly: true,
      value: actionSentence,
      cell: (row) => (
        <Mark
          word={actionSentence(row)}
          tone={row.action === 'none' ? 'ended' : 'moving'}
          shape={row.action === 'none' ? 'check' : row.action === 'create' ? 'circle' : 'half'}
        />
      ),
      width: 264
    },
    {
      id: 'order',
      title: 'Order',
      isWideOnly: true,
      value: ({ orderKept, shared }) => `${orderKept ? 'kept' : 'not kept'}${shared ? ' shared' : ''}`,
      cell: ({ orderKept, shared }) => (
        <>
          <span class={orderKept ? '' : 'tone-degraded'}>{orderKept ? 'kept' : 'not kept'}</span>
          {shared && (
            <>
              {' '}
              <span class="tag degraded" title="Several source topics go into this target">
                shared
              </span>
            </>
          )}
        </>
      ),
      width: 130
    },
    {
      id: 'records',
      title: 'Records',
      help: 'That are there to copy now',
      align: 'end',
      isWideOnly: true,
      value: ({ records }) => records,
      cell: ({ records }) => <Count value={records} />,
      width: 90
    }
  ]
}
