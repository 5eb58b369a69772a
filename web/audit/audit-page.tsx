import { useEffect, useState } from 'preact/hooks'
import type { AuditLogEntry } from '../../src/api/contract.ts'
import { getAuditLog } from '../api/service.ts'
import { usePages } from '../job/use-pages.ts'
import { queryParameter, setQueryParameter } from '../app/location.ts'
import { connectionHref } from '../connections/connection-href.ts'
import { curlCommand } from '../format/shell.ts'
import { zoneOf } from '../format/times.ts'
import { jobHref } from '../jobs/job-href.ts'
import type { Column } from '../parts/column.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Time } from '../parts/figures.tsx'
import { OlderButton } from '../job/older-button.tsx'
import { Page } from '../parts/page.tsx'
import { Mark } from '../parts/state-mark.tsx'
import { Empty, LoadedView } from '../parts/view-states.tsx'

const COLUMNS: readonly Column<AuditLogEntry>[] = [
  {
    id: 'at',
    title: `When (${zoneOf(Date.now())})`,
    isUnfiltered: true,
    value: ({ at }) => at,
    cell: ({ at }) => <Time at={at} zone={false} />,
    csv: ({ at }) => new Date(at).toISOString(),
    width: 170
  },
  { id: 'who', title: 'Who', value: ({ who }) => who, width: 130, isWideOnly: true },
  {
    id: 'action',
    title: 'Did',
    value: ({ action }) => action,
    cell: ({ action }) => <code>{action}</code>,
    width: 190
  },
  { id: 'subject', title: 'To', value: ({ subject }) => subject, cell: Subject, width: 260, isWideOnly: true },
  { id: 'detail', title: 'Detail', value: ({ detail }) => detail, isWideOnly: true },
  {
    id: 'outcome',
    title: 'Outcome',
    isWideOnly: true,
    value: ({ outcome }) => outcome,
    cell: ({ outcome }) =>
      outcome === 'done' ? (
        <Mark word="done" tone="ended" shape="check" />
      ) : (
        <Mark word="refused" tone="failed" shape="diamond" />
      ),
    width: 110
  }
]

/** Leads to what it names, as far as that has a page. */
function Subject({ subject }: AuditLogEntry) {
  const [kind, name] = subject.split(' ')
  if (name === undefined) return <>{subject}</>
  if (kind === 'job') return <a href={jobHref(name)}>{subject}</a>
  if (kind === 'connection') return <a href={connectionHref(name)}>{subject}</a>
  return <>{subject}</>
}

/** How long nobody types before it is asked for. */
const PATIENCE_MS = 300

export function AuditPage() {
  const subject = queryParameter('subject')
  const [typed, setTyped] = useState(subject)
  useEffect(() => {
    const timer = setTimeout(() => setQueryParameter('subject', typed.trim()), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  const { loaded, older } = usePages(`audit ${subject}`, (cursor) =>
    getAuditLog({ limit: 200, ...(subject !== '' && { subject }), ...(cursor !== undefined && { cursor }) })
  )
  return (
    <Page
      title="Audit"
      sentence="Who changed what, the newest first."
      commands={[curlCommand(window.location.origin, 'GET', '/audit')]}
    >
      <LoadedView loaded={loaded} what="the audit log">
        {({ items, total, nextCursor }) => (
          <div class="stack">
            <div>
              {items.length === 0 && subject === '' ? (
                <Empty title="Nothing has been done yet">
                  <p>Every change is written down here: by whom, to what, and whether it was refused.</p>
                </Empty>
              ) : (
                <DataTable
                  id="audit"
                  label="Audit log"
                  rows={items}
                  keyOf={({ id }) => String(id)}
                  columns={COLUMNS}
                  sort={{ column: 'at', descending: true }}
                  {...(total !== null && { total })}
                  tools={
                    <input
                      class="subject"
                      type="text"
                      aria-label="Subject"
                      placeholder="Subject, such as job orders"
                      spellcheck={false}
                      value={typed}
                      onInput={(event) => setTyped(event.currentTarget.value)}
                    />
                  }
                />
              )}
            </div>
            <OlderButton older={older} isMore={nextCursor !== null} />
          </div>
        )}
      </LoadedView>
    </Page>
  )
}
