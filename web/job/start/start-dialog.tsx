import { useState } from 'preact/hooks'
import type { Job, StartRequest } from '../../../src/api/contract.ts'
import { resetPosition, startJob } from '../../api/jobs.ts'
import { useAction } from '../../api/use-action.ts'
import { curlCommand, millraceCommand } from '../../format/shell.ts'
import { toLocalInput } from '../../format/times.ts'
import { ErrorBox } from '../../parts/callout.tsx'
import { CopyCommands } from '../../parts/copy-commands.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { readStartForm, type StartForm } from './start-form.ts'
import { StartPosition } from './start-position.tsx'
import { StartMeaning } from './start-meaning.tsx'
import { useStartPreview } from './use-start-preview.ts'

interface StartDialogProps {
  readonly job: Job
  readonly mode: 'start' | 'reset-position'
  readonly put: (job: Job) => void
  readonly onClose: () => void
}

/** Where to begin, what that means in records, and the name of the job where commits are overwritten. */
export function StartDialog({ job, mode, put, onClose }: StartDialogProps) {
  const isStart = mode === 'start'
  const [form, setForm] = useState<StartForm>({
    from: isStart ? 'configured' : 'earliest',
    time: toLocalInput(Date.now() - 3_600_000).slice(0, 16),
    offsets: ''
  })
  const [typed, setTyped] = useState('')
  const read = readStartForm(form)
  const preview = useStartPreview(job.name, read)
  const action = useAction(async () => {
    if (!read.ok) return
    const request = needsName ? { ...read.request, confirm: typed } : read.request
    put(await (isStart ? startJob(job.name, request) : resetPosition(job.name, request)))
  })
  const needsName = !isStart || preview.value?.resets === true
  const isAllowed =
    read.ok && preview.value !== undefined && preview.value.refusals.length === 0 && (!needsName || typed === job.name)
  const go = async () => {
    if (isAllowed && !action.isRunning && (await action.run())) onClose()
  }
  return (
    <Dialog
      wide
      title={isStart ? `Start ${job.name}` : `Reset the position of ${job.name}`}
      onClose={onClose}
      onSubmit={() => void go()}
      footer={
        <>
          <CopyCommands
            commands={[
              ...(isStart && read.ok
                ? [millraceCommand('jobs', 'start', job.name, ...startOptions(read.request, needsName ? job.name : ''))]
                : []),
              curlCommand(
                window.location.origin,
                'POST',
                `/jobs/${encodeURIComponent(job.name)}/${mode}`,
                read.ok ? { ...read.request, ...(needsName && { confirm: job.name }) } : {}
              )
            ]}
          />
          <span class="grow" />
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={needsName ? 'danger' : ''}
            disabled={!isAllowed || action.isRunning}
            aria-busy={action.isRunning}
          >
            {isStart ? 'Start' : 'Reset position'}
          </button>
        </>
      }
    >
      <div class="start-dialog">
        <StartPosition job={job} form={form} change={setForm} isStart={isStart} />
        <div class="fields">
          <h3>What it means</h3>
          {read.ok ? <StartMeaning preview={preview} /> : <p class="quiet-text">{read.problem}</p>}
          {!isStart && (
            <p class="quiet-text">The commits of the group are replaced when the job starts the next time.</p>
          )}
          {needsName && (
            <Field
              label={
                <>
                  Type <code>{job.name}</code> to confirm
                </>
              }
            >
              {(field) => (
                <input
                  {...field}
                  type="text"
                  autocomplete="off"
                  spellcheck={false}
                  value={typed}
                  onInput={(event) => setTyped(event.currentTarget.value)}
                />
              )}
            </Field>
          )}
          {action.error && <ErrorBox error={action.error} />}
        </div>
      </div>
    </Dialog>
  )
}

/** Of `millrace jobs start`. */
function startOptions({ from, time, offsets = {} }: StartRequest, confirm: string): string[] {
  const confirmed = confirm === '' ? [] : ['--confirm', confirm]
  if (from === undefined || from === 'configured') return confirmed
  if (time !== undefined) return ['--from', 'time', '--time', new Date(time).toISOString(), ...confirmed]
  const chosen = Object.entries(offsets).flatMap(([topic, partitions]) =>
    Object.entries(partitions).flatMap(([partition, offset]) => ['--offset', `${topic}/${partition}=${offset}`])
  )
  return ['--from', from, ...chosen, ...confirmed]
}
