import { useState } from 'preact/hooks'
import type { Job, MappingRow, PlanView } from '../../src/api/contract.ts'
import { getApprovedPlan, planJob } from '../api/jobs.ts'
import { may } from '../api/session.ts'
import { useAction } from '../api/use-action.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { formatCount } from '../format/numbers.ts'
import { plural } from '../format/plural.ts'
import { Callout, ErrorBox, Findings } from '../parts/callout.tsx'
import type { Column } from '../parts/column.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Count, Time } from '../parts/figures.tsx'
import { Empty, Loading } from '../parts/view-states.tsx'

const ACTIONS: Readonly<Record<MappingRow['action'], string>> = { none: 'Exists', create: 'To create', grow: 'To grow' }

const COLUMNS: readonly Column<MappingRow>[] = [
  { id: 'source', title: 'Source topic', value: (row) => row.source },
  {
    id: 'target',
    title: 'Target topic',
    value: (row) => row.target,
    cell: (row) => (
      <>
        {row.target} {row.overridden && <span class="tag">edited</span>}{' '}
        {row.shared && <span class="tag degraded">shared</span>}
      </>
    )
  },
  {
    id: 'sourcePartitions',
    title: 'Partitions',
    width: 104,
    align: 'end',
    isUnfiltered: true,
    value: (row) => row.sourcePartitions,
    cell: (row) => `${String(row.sourcePartitions)} → ${String(row.targetPartitions)}`
  },
  {
    id: 'action',
    title: 'At the target',
    width: 124,
    isWideOnly: true,
    value: (row) => ACTIONS[row.action],
    cell: (row) => (row.action === 'none' ? ACTIONS.none : <span class="tag moving">{ACTIONS[row.action]}</span>)
  },
  {
    id: 'order',
    title: 'Order',
    width: 96,
    isWideOnly: true,
    value: (row) => (row.orderKept ? 'Kept' : 'Not kept'),
    cell: (row) => (row.orderKept ? 'Kept' : <span class="tone-degraded">Not kept</span>)
  },
  {
    id: 'records',
    title: 'Records',
    help: 'Between first and end offset: an upper bound',
    width: 104,
    align: 'end',
    isUnfiltered: true,
    isWideOnly: true,
    value: (row) => row.records,
    cell: (row) => <Count value={row.records} />
  }
]

/** The approved mapping, and on request what a plan would say now. */
export function MappingTab({ job }: { readonly job: Job }) {
  const approved = useLoaded(`approved plan ${job.name} ${String(job.revision)}`, () => getApprovedPlan(job.name))
  const [fresh, setFresh] = useState<PlanView | undefined>(undefined)
  const plan = useAction(async () => setFresh(await planJob(job.name)))
  const shown = fresh ?? approved.value
  const isNotApproved = approved.error?.problem.status === 404 || approved.error?.problem.status === 409
  return (
    <div class="stack">
      <div class="row">
        <span class="grow quiet-text">
          {shown && (
            <>
              {fresh ? 'Planned' : 'Approved'} <Time at={shown.at} />: {plural(shown.mapping.length, 'topic')},{' '}
              {formatCount(shown.records)} records, {shown.excluded.length} excluded.
            </>
          )}
        </span>
        {fresh && (
          <button type="button" class="quiet" onClick={() => setFresh(undefined)}>
            Show the approved one
          </button>
        )}
        {may('operate') && (
          <button
            type="button"
            class="quiet"
            disabled={plan.isRunning}
            aria-busy={plan.isRunning}
            title="Asks both clusters what a start would do now; touches nothing"
            onClick={() => void plan.run()}
          >
            Plan now
          </button>
        )}
      </div>
      {plan.error && <ErrorBox error={plan.error} />}
      {approved.error && !isNotApproved && <ErrorBox error={approved.error} retry={approved.reload} />}
      {shown ? (
        <PlanContent plan={shown} />
      ) : isNotApproved ? (
        <Empty title="No approved mapping yet">
          <p>It is approved when the job is submitted. "Plan now" shows what it would be.</p>
        </Empty>
      ) : (
        !approved.error && <Loading what="the mapping" />
      )}
    </div>
  )
}

function PlanContent({ plan }: { readonly plan: PlanView }) {
  return (
    <>
      <Findings findings={plan.refusals} tone="failed" />
      <Findings findings={plan.warnings} tone="degraded" />
      <DataTable
        id="mapping"
        label="Mapping"
        rows={plan.mapping}
        keyOf={(row) => row.source}
        columns={COLUMNS}
        sort={{ column: 'source', descending: false }}
      />
      {plan.excluded.length > 0 && (
        <Callout tone="plain" what={`${plural(plan.excluded.length, 'topic')} excluded`}>
          <details>
            <summary>Names</summary>
            <div class="wraps">{plan.excluded.join(', ')}</div>
          </details>
        </Callout>
      )}
    </>
  )
}
