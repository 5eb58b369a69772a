import { useEffect, useMemo } from 'preact/hooks'
import type { Job, PartitionRow } from '../../src/api/contract.ts'
import { listPartitions, pauseJob, resumeJob } from '../api/jobs.ts'
import { may } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { queryParameter, setQueryParameter } from '../app/location.ts'
import { mergeRows } from '../live/merge-rows.ts'
import { useLive } from '../live/use-live.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty, LoadedView, TooMany } from '../parts/view-states.tsx'
import { PARTITION_COLUMNS, PARTITION_STATES, partitionName } from './partition-columns.tsx'

const states = Object.keys(PARTITION_STATES) as PartitionRow['state'][]

export function PartitionsTab({ job, put }: { readonly job: Job; readonly put: (job: Job) => void }) {
  const loaded = useLoaded(`partitions ${job.name}`, () => listPartitions(job.name))
  useLive((message) => {
    if (message.type === 'reset') loaded.reload()
    if (message.type === 'partitions' && message.job === job.name) {
      loaded.change((page) => ({ ...page, items: mergeRows(page.items, message.partitions, partitionName) }))
    }
  })
  const hasTooMany = loaded.value?.nextCursor === null && loaded.value.items.length > job.partitions.total
  useEffect(() => {
    // The stream brings the rows that change; one that is gone, as after a start with fewer topics, can only be missed.
    if (hasTooMany) loaded.reload()
  }, [hasTooMany])
  return (
    <LoadedView loaded={loaded} what="the partitions">
      {(page) => (
        <div class="stack">
          <TooMany
            shown={page.items.length}
            total={page.nextCursor === null ? page.items.length : page.total}
            what="partitions"
            next="GET /partitions with search and states has the rest."
          />
          {page.items.length === 0 ? (
            <Empty title="No partitions yet">
              <p>They are known when the job has started.</p>
            </Empty>
          ) : (
            <PartitionsTable rows={page.items} job={job} put={put} />
          )}
        </div>
      )}
    </LoadedView>
  )
}

function PartitionsTable({
  rows,
  job,
  put
}: {
  readonly rows: readonly PartitionRow[]
  readonly job: Job
  readonly put: (job: Job) => void
}) {
  const state = queryParameter('state')
  const chosen = useMemo(() => (state === '' ? rows : rows.filter((row) => row.state === state)), [rows, state])
  const change = useAction(async ({ topic, partition, state: now }: PartitionRow) => {
    const one = { topic, partition }
    put(await (now === 'paused' ? resumeJob(job.name, one) : pauseJob(job.name, one)))
  })
  const canPause = may('operate') && (job.actions.includes('pause') || job.actions.includes('resume'))
  return (
    <div>
      {change.error && <ErrorBox error={change.error} />}
      <DataTable
        id="partitions"
        label="Partitions"
        rows={chosen}
        total={rows.length}
        keyOf={partitionName}
        columns={PARTITION_COLUMNS}
        sort={{ column: 'lag', descending: true }}
        tools={
          <select
            aria-label="State"
            value={state}
            onChange={(event) => setQueryParameter('state', event.currentTarget.value)}
          >
            <option value="">All states</option>
            {states.map((one) => (
              <option key={one} value={one}>
                {PARTITION_STATES[one].word}
              </option>
            ))}
          </select>
        }
        buttons={
          canPause
            ? { width: 44, of: (row) => <PauseButton row={row} run={(one) => void change.run(one)} /> }
            : undefined
        }
      />
    </div>
  )
}

function PauseButton({ row, run }: { readonly row: PartitionRow; readonly run: (row: PartitionRow) => void }) {
  if (row.state === 'done' || row.state === 'stopped') return null
  const verb = row.state === 'paused' ? 'Resume' : 'Pause'
  return (
    <button
      type="button"
      class="bare icon-only small"
      aria-label={`${verb} ${partitionName(row)}`}
      title={verb}
      onClick={() => run(row)}
    >
      <Icon name={row.state === 'paused' ? 'play' : 'pause'} />
    </button>
  )
}
