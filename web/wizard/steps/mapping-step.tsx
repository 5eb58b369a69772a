import type { MappingRow } from '../../../src/api/contract.ts'
import { Callout, ErrorBox, Findings } from '../../parts/callout.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { Ago } from '../../parts/figures.tsx'
import { Empty, Loading } from '../../parts/view-states.tsx'
import { checkConfig, PLACEHOLDER } from '../logic/check-steps.ts'
import { mapAt, textAt } from '../logic/json-path.ts'
import { mappingSentence } from '../logic/sentences.ts'
import { mappingColumns } from '../mapping-columns.tsx'
import type { StepProps } from '../step-props.ts'
import { ProblemList } from '../problem-list.tsx'

export function MappingStep({ config, set, preview, job }: StepProps) {
  const { plan, validation, error, isLoading, refresh } = preview
  const rule = textAt(config, ['topics', 'targetName'], PLACEHOLDER)
  const overrides = mapAt(config, ['topics', 'overrides'])
  const rename = (row: MappingRow, name: string) => {
    const isByRule = name === '' || name === rule.replaceAll(PLACEHOLDER, row.source)
    set(['topics', 'overrides', row.source], isByRule ? undefined : name)
  }
  const wrongNames = checkConfig(config).filter(({ option }) => option.startsWith('topics.overrides.'))
  return (
    <>
      <div class="title-row">
        <h2 tabIndex={-1}>What goes where</h2>
        <div class="actions">
          {plan && !isLoading && (
            <span class="quiet-text">
              as of <Ago at={plan.at} />
            </span>
          )}
          <button type="button" class="quiet" disabled={isLoading} aria-busy={isLoading} onClick={refresh}>
            Refresh
          </button>
        </div>
      </div>
      {error && <ErrorBox error={error} retry={refresh} />}
      {validation && !validation.ok && job && <ProblemList problems={validation.problems} job={job.name} />}
      {wrongNames.map(({ option, message }) => (
        <Callout key={option} tone="failed" what={message} />
      ))}
      {plan ? (
        <>
          <p class="summary" role="status" aria-busy={isLoading}>
            {plan.mapping.length > 0 && mappingSentence(plan.mapping)}
          </p>
          <Findings findings={plan.refusals} tone="failed" />
          <Findings findings={plan.warnings} tone="degraded" />
          {plan.mapping.length === 0 ? (
            <Empty title="No topic is copied">
              <p>Nothing at the source matches now. Topics that match later are found while the job runs.</p>
            </Empty>
          ) : (
            <div>
              <DataTable
                id="wizard-mapping"
                label="Mapping of topics"
                rows={plan.mapping}
                keyOf={({ source }) => source}
                columns={mappingColumns({ overrides, rename })}
                sort={{ column: 'source', descending: false }}
              />
            </div>
          )}
        </>
      ) : (
        !error && <Loading what="the mapping" />
      )}
    </>
  )
}
