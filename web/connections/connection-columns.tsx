import type { Connection } from '../../src/api/contract.ts'
import { now } from '../app/clock.ts'
import { plural } from '../format/plural.ts'
import { jobHref } from '../jobs/job-href.ts'
import type { Column } from '../parts/column.ts'
import { EditLink } from '../parts/edit-link.tsx'
import { Ago } from '../parts/figures.tsx'
import { Mark } from '../parts/state-mark.tsx'
import { connectionHref } from './connection-href.ts'
import { certificateWords, daysUntil, securityWords } from './security-words.ts'

const WARN_DAYS = 30

export const CONNECTION_COLUMNS: readonly Column<Connection>[] = [
  {
    id: 'name',
    title: 'Name',
    value: ({ name }) => name,
    cell: ({ name, note }) => (
      <span class="two-lines">
        <EditLink href={connectionHref(name)} needs="admin">
          {name}
        </EditLink>
        {note && <small title={note}>{note}</small>}
      </span>
    ),
    width: 190
  },
  {
    id: 'servers',
    title: 'Bootstrap servers',
    value: ({ bootstrapServers }) => bootstrapServers,
    cell: (connection) => (
      <span class="two-lines">
        <span title={connection.bootstrapServers}>{connection.bootstrapServers.replaceAll(',', ', ')}</span>
        <small>{securityWords(connection)}</small>
      </span>
    )
  },
  {
    id: 'test',
    title: 'Last test',
    value: ({ lastTest }) => lastTest?.at ?? null,
    isUnfiltered: true,
    isWideOnly: true,
    cell: ({ lastTest }) =>
      lastTest ? (
        <span class="two-lines">
          <Mark
            word={lastTest.ok ? 'reachable' : 'failed'}
            tone={lastTest.ok ? 'running' : 'failed'}
            shape={lastTest.ok ? 'check' : 'diamond'}
          />
          <small>
            <Ago at={lastTest.at} />
          </small>
        </span>
      ) : (
        <Mark word="never" tone="ended" shape="circle" />
      ),
    width: 120
  },
  {
    id: 'used',
    title: 'Used by',
    isWideOnly: true,
    value: ({ usedBy }) => usedBy.map(({ job }) => job).join(' '),
    cell: ({ usedBy, restartNeeded }) => (
      <span class="two-lines">
        <span title={usedBy.map(({ job, side }) => `${job} (${side})`).join(', ')}>
          {usedBy.length === 0 ? (
            <span class="quiet-text">no job</span>
          ) : usedBy.length > 2 ? (
            plural(usedBy.length, 'job')
          ) : (
            usedBy.map(({ job }, index) => (
              <>
                {index > 0 && ', '}
                <a href={jobHref(job)}>{job}</a>
              </>
            ))
          )}
        </span>
        {restartNeeded.length > 0 && (
          <small class="tone-degraded" title={restartNeeded.join(', ')}>
            restart needed: {restartNeeded.join(', ')}
          </small>
        )}
      </span>
    ),
    width: 230
  },
  {
    id: 'certificate',
    title: 'Certificate',
    help: 'Days until the client certificate expires',
    align: 'end',
    isWideOnly: true,
    isUnfiltered: true,
    value: ({ certificateExpiresAt: at }) => (at === null ? null : daysUntil(at, now.value)),
    cell: ({ certificateExpiresAt: at }) => {
      if (at === null) return <span class="nothing">–</span>
      const days = daysUntil(at, now.value)
      return days > WARN_DAYS ? (
        certificateWords(days)
      ) : (
        <Mark
          word={certificateWords(days)}
          tone={days < 0 ? 'failed' : 'degraded'}
          shape={days < 0 ? 'diamond' : 'half'}
        />
      )
    },
    width: 110
  },
  {
    id: 'changed',
    title: 'Changed',
    isWideOnly: true,
    isExtra: true,
    isUnfiltered: true,
    value: ({ changedAt }) => changedAt,
    cell: ({ changedAt }) => <Ago at={changedAt} />,
    width: 110
  }
]
