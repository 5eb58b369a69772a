import { useState } from 'preact/hooks'
import type { Job, LogLevel } from '../../src/api/contract.ts'
import { changeLive } from '../api/jobs.ts'
import { useAction } from '../api/use-action.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { parseLimit } from './parse-limit.ts'

const MIB = 1024 * 1024
const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug']

interface LiveDialogProps {
  readonly job: Job
  readonly put: (job: Job) => void
  readonly onClose: () => void
}

/** What takes effect at once, without a restart; the configuration keeps what it says for the next start. */
export function LiveDialog({ job, put, onClose }: LiveDialogProps) {
  const [bytes, setBytes] = useState(job.rateLimit.bytes === null ? '' : String(job.rateLimit.bytes / MIB))
  const [records, setRecords] = useState(job.rateLimit.records === null ? '' : String(job.rateLimit.records))
  const [level, setLevel] = useState<LogLevel>(job.logLevel)
  const bytesLimit = parseLimit(bytes, MIB)
  const recordsLimit = parseLimit(records, 1)
  const action = useAction(async () => {
    if (bytesLimit === undefined || recordsLimit === undefined) return
    put(await changeLive(job.name, { rate: { bytes: bytesLimit, records: recordsLimit }, logLevel: level }))
  })
  const isWrong = bytesLimit === undefined || recordsLimit === undefined
  const save = async () => {
    if (!isWrong && (await action.run())) onClose()
  }
  return (
    <Dialog
      title="Rate and log level"
      onClose={onClose}
      onSubmit={() => void save()}
      footer={
        <>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={isWrong || action.isRunning} aria-busy={action.isRunning}>
            Apply now
          </button>
        </>
      }
    >
      <div class="fields">
        <p>
          Takes effect at once and lasts until the job ends. The configuration says what the next start begins with.
        </p>
        <Field
          label="Most MiB a second"
          help="Empty: as fast as it goes"
          wrong={bytesLimit === undefined ? 'A number above 0, or nothing' : undefined}
        >
          {(field) => (
            <input
              {...field}
              type="text"
              inputMode="decimal"
              value={bytes}
              onInput={(event) => setBytes(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label="Most records a second"
          help="Empty: as fast as it goes"
          wrong={recordsLimit === undefined ? 'A number above 0, or nothing' : undefined}
        >
          {(field) => (
            <input
              {...field}
              type="text"
              inputMode="numeric"
              value={records}
              onInput={(event) => setRecords(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Log level">
          {(field) => (
            <select {...field} value={level} onChange={(event) => setLevel(event.currentTarget.value as LogLevel)}>
              {LEVELS.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        {action.error && <ErrorBox error={action.error} />}
      </div>
    </Dialog>
  )
}
