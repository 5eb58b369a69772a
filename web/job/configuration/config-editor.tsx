import { useEffect, useState } from 'preact/hooks'
import type { ConfigProblem, Job, Validation } from '../../../src/api/contract.ts'
import { getJob, putJob, validateJob } from '../../api/jobs.ts'
import { useAction } from '../../api/use-action.ts'
import { plural } from '../../format/plural.ts'
import { Callout, ErrorBox } from '../../parts/callout.tsx'
import { CodeEditor } from '../../parts/code-editor.tsx'
import { Field } from '../../parts/field.tsx'
import { notify } from '../../parts/notice.tsx'

/** While somebody types nothing is validated. */
const QUIET_MS = 500

interface ConfigEditorProps {
  readonly job: Job
  readonly put: (job: Job) => void
  readonly onClose: () => void
}

/** The YAML itself, validated as it is typed; saving makes a new revision of the one that was opened. */
export function ConfigEditor({ job, put, onClose }: ConfigEditorProps) {
  const [base, setBase] = useState({ revision: job.revision, config: job.config })
  const [config, setConfig] = useState(job.config)
  const [note, setNote] = useState('')
  const validation = useValidation(config)
  const save = useAction(async () => {
    const next = await putJob(job.name, { config, note }, { ifRevision: base.revision })
    put(next)
    notify(
      next.restartNeeded.length > 0
        ? `Revision ${String(next.revision)} saved; it takes full effect after a restart`
        : `Revision ${String(next.revision)} saved`
    )
    onClose()
  })
  const takeNewest = useAction(async () => {
    const newest = await getJob(job.name)
    put(newest)
    setBase({ revision: newest.revision, config: newest.config })
    save.clear()
  })
  const isConflict = save.error?.problem.status === 412 || save.error?.problem.status === 409
  const problems = validation?.problems ?? []
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <div class="table-tools">
        <h2>Edit revision {base.revision}</h2>
        <span class="shown" role="status">
          {validation === undefined ? 'Validating…' : validation.ok ? 'Valid' : plural(problems.length, 'problem')}
        </span>
        <button type="button" class="quiet" onClick={onClose}>
          Cancel
        </button>
        <button
          type="submit"
          disabled={save.isRunning || config === base.config}
          aria-busy={save.isRunning}
          title={config === base.config ? 'Nothing has changed' : undefined}
        >
          Save revision
        </button>
      </div>
      {job.startedAt !== null && job.endedAt === null && (
        <Callout
          tone="moving"
          what="The job runs on with what it was started with."
          next="Rate limits, log level, pauses and added topics take effect at once; the rest after a restart."
        />
      )}
      {save.error && (
        <>
          <ErrorBox error={save.error} />
          {isConflict && (
            <Callout
              tone="degraded"
              what="Somebody else has changed the job since you opened it."
              next="Your text stays. Saving after this replaces their revision; compare first."
            >
              <button type="button" class="quiet" onClick={() => void takeNewest.run()}>
                Go on from the newest revision
              </button>
            </Callout>
          )}
        </>
      )}
      <CodeEditor value={config} change={setConfig} label="Configuration" wrongLines={problems.map(lineOf)} />
      {problems.length > 0 && (
        <ul class="problem-list" aria-label="Problems">
          {problems.map((problem, index) => (
            <li key={index}>
              <code>{problem.where || 'whole'}</code> {problem.option && <code>{problem.option}</code>}{' '}
              {problem.message} {problem.next}
            </li>
          ))}
        </ul>
      )}
      <Field label="Why" help="Kept with the revision">
        {(field) => (
          <input {...field} type="text" value={note} onInput={(event) => setNote(event.currentTarget.value)} />
        )}
      </Field>
    </form>
  )
}

function useValidation(config: string): Validation | undefined {
  const [state, setState] = useState<{ readonly of: string; readonly is: Validation } | undefined>(undefined)
  useEffect(() => {
    let isGone = false
    const timer = setTimeout(() => {
      validateJob({ config }).then(
        (is) => {
          if (!isGone) setState({ of: config, is })
        },
        // Saving will say what is wrong with the connection.
        () => undefined
      )
    }, QUIET_MS)
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [config])
  return state?.of === config ? state.is : undefined
}

function lineOf({ where }: ConfigProblem): number {
  return Number(/^(\d+)/.exec(where)?.[1] ?? 0)
}
