import type { Job, NotCopied } from '../../src/api/contract.ts'
import { listNotCopied } from '../api/jobs.ts'
import { zoneOf } from '../format/times.ts'
import type { Column } from '../parts/column.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Count, Time } from '../parts/figures.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'
import { OlderButton } from './older-button.tsx'
import { usePages } from './use-pages.ts'

const POLICIES: Readonly<Record<NotCopied['policy'], string>> = {
  'dead-letter': 'Dead letter',
  skip: 'Skipped',
  altered: 'Altered'
}

const place = (row: NotCopied) => `${row.topic}-${String(row.partition)}@${String(row.offset)}`

const COLUMNS: readonly Column<NotCopied>[] = [
  { id: 'record', title: 'Record', value: place },
  {
    id: 'at',
    title: `Time (${zoneOf(Date.now())})`,
    width: 180,
    isWideOnly: true,
    isUnfiltered: true,
    value: (row) => row.at,
    csv: (row) => new Date(row.at).toISOString(),
    cell: (row) => <Time at={row.at} zone={false} />
  },
  {
    id: 'count',
    title: 'Records',
    width: 84,
    align: 'end',
    isUnfiltered: true,
    value: (row) => row.count,
    cell: (row) => <Count value={row.count} />
  },
  { id: 'policy', title: 'Outcome', width: 120, value: (row) => POLICIES[row.policy] },
  {
    id: 'code',
    title: 'Error',
    width: 190,
    isExtra: true,
    isWideOnly: true,
    value: (row) => row.code,
    cell: (row) => <code>{row.code}</code>
  },
  { id: 'reason', title: 'Reason', isWideOnly: true, value: (row) => row.reason },
  {
    id: 'deadLetter',
    title: 'Dead letter',
    width: 210,
    isExtra: true,
    isWideOnly: true,
    value: (row) => row.deadLetter
  },
  { id: 'target', title: 'Target', width: 180, isExtra: true, isWideOnly: true, value: (row) => row.target }
]

/** Records that were not copied as they were, the newest first. */
export function NotCopiedTab({ job }: { readonly job: Job }) {
  const { loaded, older } = usePages(`not copied ${job.name}`, (cursor) => listNotCopied(job.name, cursor))
  return (
    <LoadedView loaded={loaded} what="what was not copied">
      {(page) =>
        page.items.length === 0 ? (
          <Empty title="Everything was copied as it is">
            <p>Records that the target refused, that were skipped or altered are listed here, each with its reason.</p>
          </Empty>
        ) : (
          <div class="stack">
            <DataTable
              id="not-copied"
              label="Records not copied"
              rows={page.items}
              keyOf={place}
              columns={COLUMNS}
              sort={{ column: 'at', descending: true }}
              {...(page.total !== null && { total: page.total })}
            />
            <OlderButton older={older} isMore={page.nextCursor !== null} />
          </div>
        )
      }
    </LoadedView>
  )
}
