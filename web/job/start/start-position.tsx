import type { Job } from '../../../src/api/contract.ts'
import { formatUtc, fromLocalInput, zoneName } from '../../format/times.ts'
import { Field } from '../../parts/field.tsx'
import type { StartForm, StartFrom } from './start-form.ts'

const CHOICES: readonly { from: StartFrom; label: string; help: string; isStartOnly?: boolean }[] = [
  {
    from: 'configured',
    label: 'As configured',
    help: 'What the configuration says under start.from',
    isStartOnly: true
  },
  { from: 'committed', label: 'Committed', help: 'Where the consumer group stopped', isStartOnly: true },
  { from: 'earliest', label: 'Earliest', help: 'The oldest record that each partition still has' },
  { from: 'latest', label: 'Latest', help: 'Only what is written from now on' },
  { from: 'timestamp', label: 'At a time', help: 'The first record that is not older' },
  { from: 'offsets', label: 'At offsets', help: 'Each partition by itself' }
]

interface StartPositionProps {
  readonly job: Job
  readonly form: StartForm
  readonly change: (form: StartForm) => void
  readonly isStart: boolean
}

export function StartPosition({ job, form, change, isStart }: StartPositionProps) {
  return (
    <fieldset>
      <legend>Begin</legend>
      {CHOICES.filter((choice) => isStart || !choice.isStartOnly).map(({ from, label, help }) => (
        <label class="choice" key={from}>
          <input type="radio" name="from" checked={form.from === from} onChange={() => change({ ...form, from })} />
          <span>{label}</span>
          <span class="help">
            {help}
            {from === 'committed' && (
              <>
                {': '}
                <code>{job.groupId}</code>
              </>
            )}
          </span>
        </label>
      ))}
      {form.from === 'timestamp' && <TimePicker form={form} change={change} />}
      {form.from === 'offsets' && (
        <Field label="Offsets" help="One partition a line: topic partition offset">
          {(field) => (
            <textarea
              {...field}
              class="mono"
              rows={5}
              spellcheck={false}
              placeholder="orders.placed 0 41200118"
              value={form.offsets}
              onInput={(event) => change({ ...form, offsets: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
    </fieldset>
  )
}

function TimePicker({ form, change }: Pick<StartPositionProps, 'form' | 'change'>) {
  const at = fromLocalInput(form.time)
  return (
    <Field
      label={`Time (${zoneName(at ?? Date.now())})`}
      help={at === null ? 'Not a time yet' : `That is ${formatUtc(at)}`}
    >
      {(field) => (
        <input
          {...field}
          type="datetime-local"
          step="1"
          value={form.time}
          onInput={(event) => change({ ...form, time: event.currentTarget.value })}
        />
      )}
    </Field>
  )
}
