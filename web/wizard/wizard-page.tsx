import { useEffect, useState } from 'preact/hooks'
import { submitJob } from '../api/jobs.ts'
import { useAction } from '../api/use-action.ts'
import { navigate, queryParameter, setQueryParameter } from '../app/location.ts'
import { curlCommand } from '../format/shell.ts'
import { jobHref } from '../jobs/job-href.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { notify } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { LoadedView } from '../parts/view-states.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { checkConfig, furthestStep, isReachable } from './logic/check-steps.ts'
import { valueAt } from './logic/json-path.ts'
import { asStep, STEPS, type StepId, stepAddress, stepAfter, stepBefore, stepOf } from './logic/steps.ts'
import type { StepProps } from './step-props.ts'
import { Stepper } from './stepper.tsx'
import { ConnectionsStep } from './steps/connections-step.tsx'
import { MappingStep } from './steps/mapping-step.tsx'
import { ReviewStep } from './steps/review-step.tsx'
import { TargetStep } from './steps/target-step.tsx'
import { TaskStep } from './steps/task-step.tsx'
import { TopicsStep } from './steps/topics-step.tsx'
import { usePreview } from './use-preview.ts'
import { useWizard } from './use-wizard.ts'

const VIEWS: Readonly<Record<StepId, (props: StepProps) => preact.JSX.Element>> = {
  connections: ConnectionsStep,
  topics: TopicsStep,
  target: TargetStep,
  mapping: MappingStep,
  task: TaskStep,
  review: ReviewStep
}

const ACTIVE: readonly string[] = ['STARTING', 'RUNNING', 'PAUSED', 'DEGRADED', 'STOPPING']

/** From two clusters to a submitted job, step by step; each step of a stored job has an address. */
export function WizardPage({ name, step: given }: { readonly name?: string; readonly step?: string }) {
  const wizard = useWizard(name)
  const { config, yaml, loaded } = wizard
  const job = loaded.value ?? null
  const problems = checkConfig(config)
  const wanted = name === undefined ? 'connections' : asStep(given)
  const step = isReachable(wanted, problems) ? wanted : furthestStep(problems)
  const [tried, setTried] = useState<StepId | undefined>(undefined)
  const [refused, setRefused] = useState(0)
  const preview = usePreview(yaml, job !== null && furthestStep(problems) === 'review' && step !== 'connections')
  const ofStep = problems.filter(({ option }) => stepOf(option) === step)
  const isActive = job !== null && ACTIVE.includes(job.state)
  const isDraft = job === null || job.state === 'DRAFT'

  useEffect(() => {
    document.querySelector<HTMLElement>('.wizard h2')?.focus()
  }, [step, job === null])

  // When the fields say what is wrong with them, the first has the focus.
  useEffect(() => {
    if (refused > 0) document.querySelector<HTMLElement>('.wizard [aria-invalid]')?.focus()
  }, [refused])

  const goOn = useAction(async () => {
    const next = stepAfter(step)
    const stored = isDraft && wizard.isDirty ? await wizard.save() : job
    if (next && stored) navigate(stepAddress(stored.name, next), { replace: name === undefined })
  })
  const finish = useAction(async () => {
    const stored = wizard.isDirty || job === null ? await wizard.save() : job
    const address = jobHref(stored.name)
    if (isActive) {
      notify(`Revision ${String(stored.revision)} saved`)
      return navigate(address)
    }
    await submitJob(stored.name)
    navigate(`${address}?start=1`)
  })
  const action = step === 'review' ? finish : goOn
  const proceed = () => {
    setTried(step)
    if (ofStep.length === 0) void action.run()
    else setRefused((times) => times + 1)
  }
  const wrong = (option: string): string | undefined => {
    const isSaid = tried === step || valueAt(config, option.split('.')) !== undefined
    const own = problems.find((problem) => problem.option === option)?.message
    if (own !== undefined) return isSaid ? own : undefined
    const found = preview.isLoading ? undefined : preview.validation?.problems.find((one) => one.option === option)
    return found && [found.message, found.next].filter(Boolean).join(' ')
  }
  const before = stepBefore(step)
  const next = STEPS.find(({ id }) => id === stepAfter(step))
  const View = VIEWS[step]
  return (
    <Page
      title={name ?? 'New job'}
      above={{ href: '/jobs', title: 'Jobs' }}
      sentence={
        isActive
          ? 'The job runs: what is changed here becomes a new revision and takes effect at its next start.'
          : name !== undefined && isDraft
            ? wizard.isDirty
              ? 'A draft; changes are saved with each step.'
              : 'A draft, saved.'
            : undefined
      }
      actions={
        <button type="button" class="quiet" onClick={() => setQueryParameter('import', '1')}>
          Import YAML
        </button>
      }
      commands={
        job === null
          ? []
          : ['millrace jobs apply job.yaml', curlCommand(window.location.origin, 'GET', `/jobs/${job.name}`)]
      }
    >
      <Stepper job={name} current={step} problems={problems} />
      <LoadedView loaded={loaded} what="the job">
        {() => (
          <form
            class="wizard"
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              proceed()
            }}
          >
            <View config={config} set={wizard.set} wrong={wrong} preview={preview} job={job} yaml={yaml} />
            {action.error && <ErrorBox error={action.error} />}
            <footer class="wizard-foot">
              {before && name !== undefined && (
                <a class="button quiet" href={stepAddress(name, before)}>
                  Back
                </a>
              )}
              {tried === step && ofStep.length > 0 && (
                <span class="wrong" role="alert">
                  {ofStep.length === 1 ? ofStep[0]?.message : `${String(ofStep.length)} fields need a look.`}
                </span>
              )}
              <button type="submit" disabled={action.isRunning} aria-busy={action.isRunning}>
                {next ? `Continue: ${next.title}` : isActive ? 'Save new revision' : 'Submit job'}
              </button>
            </footer>
          </form>
        )}
      </LoadedView>
      {queryParameter('import') !== '' && (
        <ImportDialog onClose={() => setQueryParameter('import', '')} onImport={wizard.replace} />
      )}
    </Page>
  )
}
