import { useState } from 'preact/hooks'
import type { CheckView } from '../../../src/api/contract.ts'
import { checkJob } from '../../api/jobs.ts'
import { useAction } from '../../api/use-action.ts'
import { Stages } from '../../connections/stages.tsx'
import { formatCount } from '../../format/numbers.ts'
import { plural } from '../../format/plural.ts'
import { shellWord } from '../../format/shell.ts'
import { ErrorBox, Findings } from '../../parts/callout.tsx'
import { copyText } from '../../parts/copy-text.ts'
import { Icon } from '../../parts/icon.tsx'
import { Mark } from '../../parts/state-mark.tsx'
import { textAt } from '../logic/json-path.ts'
import { mappingSentence, POLICY_WORDS } from '../logic/sentences.ts'
import { ProblemList } from '../problem-list.tsx'
import type { StepProps } from '../step-props.ts'

export function ReviewStep({ config, preview, job, yaml }: StepProps) {
  const { plan, validation, error, isLoading, refresh } = preview
  const [check, setCheck] = useState<CheckView | undefined>(undefined)
  const checking = useAction(async () => {
    setCheck(undefined)
    if (job) setCheck(await checkJob(job.name))
  })
  const file = `${textAt(config, ['name'], 'job')}.yaml`
  const commands = `cat > ${shellWord(file)} <<'YAML'\n${yaml}YAML\nmillrace jobs apply ${shellWord(file)}\nmillrace jobs submit ${shellWord(textAt(config, ['name']))}\n`
  return (
    <>
      <h2 tabIndex={-1}>Review</h2>
      <div class="split review">
        <div class="stack">
          <section class="block" aria-busy={isLoading}>
            <div class="title-row">
              <h3>Plan</h3>
              {plan && validation?.ok && !isLoading && (
                <Mark
                  word={plan.ok ? 'can be submitted' : 'is refused'}
                  tone={plan.ok ? 'running' : 'failed'}
                  shape={plan.ok ? 'check' : 'diamond'}
                />
              )}
              <div class="actions">
                <button type="button" class="quiet small" disabled={isLoading} aria-busy={isLoading} onClick={refresh}>
                  Refresh
                </button>
              </div>
            </div>
            {error && <ErrorBox error={error} retry={refresh} />}
            {validation && !validation.ok && job && <ProblemList problems={validation.problems} job={job.name} />}
            {plan && (
              <>
                <dl class="facts">
                  <dt>Mapping</dt>
                  <dd>{mappingSentence(plan.mapping)}</dd>
                  <dt>To copy now</dt>
                  <dd>
                    {plan.records === 0 ? 'nothing yet' : `${formatCount(plan.records)} records`}
                    {plan.excluded.length > 0 && `, without ${plural(plan.excluded.length, 'excluded topic')}`}
                  </dd>
                  <dt>Order</dt>
                  <dd>{POLICY_WORDS[plan.policy].why}</dd>
                  <dt>Progress</dt>
                  <dd>
                    {plan.progress === 'fresh'
                      ? 'the group has no commits: it starts as configured'
                      : plan.progress === 'resume'
                        ? 'the group has commits: it goes on from there'
                        : 'the commits of the group are replaced'}
                  </dd>
                  {plan.deadLetterTopic !== null && (
                    <>
                      <dt>Dead letters</dt>
                      <dd>{plan.deadLetterTopic}</dd>
                    </>
                  )}
                </dl>
                <Findings findings={plan.refusals} tone="failed" />
                <Findings findings={plan.warnings} tone="degraded" />
              </>
            )}
          </section>
          <section class="block">
            <div class="title-row">
              <h3>Check</h3>
              <div class="actions">
                <button
                  type="button"
                  class="quiet small"
                  disabled={!job || checking.isRunning}
                  aria-busy={checking.isRunning}
                  onClick={() => void checking.run()}
                >
                  Check both clusters
                </button>
              </div>
            </div>
            {check || checking.isRunning ? (
              (['source', 'target'] as const).map((side) => (
                <div key={side}>
                  <h4>{side === 'source' ? 'Source' : 'Target'}</h4>
                  <Stages test={check?.[side]} isRunning={checking.isRunning} />
                </div>
              ))
            ) : (
              <p class="help">One attempt to log in at each side. Submitting does it in any case.</p>
            )}
            {checking.error && <ErrorBox error={checking.error} />}
          </section>
        </div>
        <section class="block yaml">
          <div class="title-row">
            <h3>Configuration</h3>
            <div class="actions">
              <button type="button" class="quiet small" onClick={() => void copyText(yaml, 'YAML')}>
                <Icon name="copy" />
                Copy YAML
              </button>
              <button type="button" class="quiet small" onClick={() => void copyText(commands, 'Command')}>
                <Icon name="terminal" />
                Copy as command
              </button>
            </div>
          </div>
          <pre tabIndex={0} aria-label="Configuration as YAML">
            {yaml}
          </pre>
        </section>
      </div>
    </>
  )
}
