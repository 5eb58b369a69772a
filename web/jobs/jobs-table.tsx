import { useMemo } from 'preact/hooks'
import type { JobListItem } from '../../src/api/contract.ts'
import { navigate, queryParameter, setQueryParameter } from '../app/location.ts'
import { STATE_WORDS } from '../format/state-words.ts'
import { DataTable } from '../parts/data-table.tsx'
import { jobHref } from './job-href.ts'
import { JOBS_COLUMNS } from './jobs-columns.tsx'

const hasAlarm = (job: JobListItem) => job.alarms.critical + job.alarms.warning > 0

export function JobsTable({ jobs }: { readonly jobs: readonly JobListItem[] }) {
  const state = queryParameter('state')
  const onlyAlarms = queryParameter('alarms') === '1'
  const chosen = useMemo(
    () => jobs.filter((job) => (state === '' || job.state === state) && (!onlyAlarms || hasAlarm(job))),
    [jobs, state, onlyAlarms]
  )
  const states = [...new Set(jobs.map((job) => job.state))].sort()
  return (
    <DataTable
      id="jobs"
      label="Jobs"
      isRoomy
      rows={chosen}
      keyOf={(job) => job.name}
      columns={JOBS_COLUMNS}
      sort={{ column: 'name', descending: false }}
      onOpen={(job) => navigate(jobHref(job.name))}
      total={jobs.length}
      tools={
        <>
          <select
            aria-label="State"
            value={state}
            onChange={(event) => setQueryParameter('state', event.currentTarget.value)}
          >
            <option value="">All states</option>
            {states.map((one) => (
              <option key={one} value={one}>
                {STATE_WORDS[one].word}
              </option>
            ))}
          </select>
          <label>
            <input
              type="checkbox"
              checked={onlyAlarms}
              onChange={(event) => setQueryParameter('alarms', event.currentTarget.checked ? '1' : '')}
            />
            With alarms
          </label>
        </>
      }
    />
  )
}
