import { useState } from 'preact/hooks'
import type {
  AlarmRule,
  AlarmRuleInput,
  AlarmSubject,
  Channel,
  JobLifecycleState,
  Severity
} from '../../src/api/contract.ts'
import { listPresets, putRule } from '../api/alarms.ts'
import { listJobs } from '../api/jobs.ts'
import { useAction } from '../api/use-action.ts'
import { useLoaded } from '../api/use-loaded.ts'
import { EntryList } from '../forms/entry-list.tsx'
import { Choices } from '../forms/choices.tsx'
import { Check, SelectInput, TextInput } from '../forms/inputs.tsx'
import { STATE_WORDS } from '../format/state-words.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { notify } from '../parts/notice.tsx'
import {
  conditionWords,
  readSeconds,
  ruleId,
  secondsWords,
  shownNumber,
  SUBJECT_TITLES,
  SUBJECTS
} from './rule-words.ts'

interface RuleDialogProps {
  /** undefined = a new one. */
  readonly rule: AlarmRule | undefined
  readonly taken: readonly string[]
  readonly channels: readonly Channel[]
  readonly onClose: () => void
  readonly onSaved: () => void
}

const FIRST: AlarmRuleInput = {
  title: '',
  jobs: [],
  subject: 'lagSeconds',
  condition: { is: 'above', value: 300 },
  forSeconds: 120,
  severity: 'warning',
  notify: [],
  enabled: true
}

export function RuleDialog({ rule, taken, channels, onClose, onSaved }: RuleDialogProps) {
  const [draft, setDraft] = useState<AlarmRuleInput>(rule ? inputOf(rule) : FIRST)
  const [value, setValue] = useState(shownValue(draft))
  const [held, setHeld] = useState(secondsWords(draft.forSeconds))
  const [isTried, setTried] = useState(false)
  const presets = useLoaded('alarm presets', listPresets)
  const jobs = useLoaded('jobs of a rule', () => listJobs())
  const set = (change: Partial<AlarmRuleInput>) => setDraft((before) => ({ ...before, ...change }))
  const take = (next: AlarmRuleInput) => {
    setDraft({ ...next, notify: draft.notify, jobs: draft.jobs })
    setValue(shownValue(next))
    setHeld(secondsWords(next.forSeconds))
  }
  const words = draft.subject === 'state' ? undefined : SUBJECTS[draft.subject]
  const number = value.trim() === '' ? Number.NaN : Number(value.replace(',', '.'))
  const forSeconds = readSeconds(held)
  const states = draft.condition.is === 'one of' ? draft.condition.states : []
  const problems = {
    title: draft.title.trim() === '' ? 'Give it a title.' : undefined,
    value: words && !Number.isFinite(number) ? 'A number.' : undefined,
    states: !words && states.length === 0 ? 'Choose at least one state.' : undefined,
    held: forSeconds === undefined || forSeconds > 86_400 ? 'A duration up to 24 h, such as 90s or 2m.' : undefined
  }
  const complete: AlarmRuleInput = {
    ...draft,
    title: draft.title.trim(),
    forSeconds: forSeconds ?? 0,
    condition:
      words && draft.condition.is !== 'one of'
        ? { is: draft.condition.is, value: number * words.factor }
        : draft.condition
  }
  const save = useAction(async () => {
    const id = rule?.id ?? ruleId(complete.title, taken)
    await putRule(id, complete, rule ? { ifRevision: rule.revision } : { ifNew: true })
    notify('Rule saved')
    onSaved()
  })
  const wrong = isTried ? problems : { title: undefined, value: undefined, states: undefined, held: undefined }
  const submit = () => {
    setTried(true)
    if (Object.values(problems).every((problem) => problem === undefined)) void save.run()
  }
  return (
    <Dialog
      wide
      title={rule ? 'Alarm rule' : 'New alarm rule'}
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={save.isRunning} aria-busy={save.isRunning}>
            Save rule
          </button>
        </>
      }
    >
      <div class="fields">
        {!rule && presets.value && (
          <div class="presets" role="group" aria-label="Presets">
            {presets.value.map((preset) => (
              <button
                key={preset.title}
                type="button"
                class="quiet small"
                title={conditionWords(preset)}
                onClick={() => take(preset)}
              >
                {preset.title}
              </button>
            ))}
          </div>
        )}
        <TextInput
          label="Title"
          value={draft.title}
          wrong={wrong.title}
          autofocus
          onValue={(title) => set({ title })}
        />
        <div class="columns-2">
          <SelectInput<AlarmSubject>
            label="What"
            value={draft.subject}
            options={SUBJECT_TITLES}
            onValue={(subject) => {
              set({ subject, condition: firstCondition(subject) })
              setValue('')
            }}
          />
          {words && draft.condition.is !== 'one of' ? (
            <div class="columns-2">
              <SelectInput<'above' | 'below'>
                label="Is"
                value={draft.condition.is}
                options={[
                  ['above', 'above'],
                  ['below', 'below']
                ]}
                onValue={(is) => set({ condition: { is, value: 0 } })}
              />
              <TextInput
                label={`Value (${words.unit})`}
                inputMode="decimal"
                value={value}
                wrong={wrong.value}
                onValue={setValue}
              />
            </div>
          ) : (
            <fieldset>
              <legend>Is one of</legend>
              <div class="state-choices">
                {(Object.keys(STATE_WORDS) as JobLifecycleState[]).map((state) => (
                  <Check
                    key={state}
                    label={STATE_WORDS[state].word}
                    checked={states.includes(state)}
                    onChecked={(isChosen) =>
                      set({
                        condition: {
                          is: 'one of',
                          states: isChosen ? [...states, state] : states.filter((other) => other !== state)
                        }
                      })
                    }
                  />
                ))}
              </div>
              {wrong.states && <span class="wrong">{wrong.states}</span>}
            </fieldset>
          )}
          <TextInput
            label="For"
            value={held}
            wrong={wrong.held}
            help="How long it must hold before it fires; 0 s: at once."
            onValue={setHeld}
          />
          <Choices<Severity>
            legend="Severity"
            isInline
            value={draft.severity}
            choices={[
              { value: 'warning', label: 'Warning' },
              { value: 'critical', label: 'Critical' }
            ]}
            onValue={(severity) => set({ severity })}
          />
          <EntryList
            label="Jobs"
            entries={draft.jobs}
            options={jobs.value?.items.map(({ name }) => name)}
            placeholder="all jobs"
            help={draft.jobs.length === 0 ? 'Of all jobs, also of later ones.' : undefined}
            onEntries={(names) => set({ jobs: names })}
          />
          <fieldset>
            <legend>Tells</legend>
            {channels.length === 0 && (
              <p class="help">
                There is no channel yet: the alarm only shows here. <a href="/alarms/channels?new=1">Create one</a>
              </p>
            )}
            {channels.map(({ name, kind }) => (
              <Check
                key={name}
                label={`${name} (${kind === 'email' ? 'e-mail' : 'webhook'})`}
                checked={draft.notify.includes(name)}
                onChecked={(isChosen) =>
                  set({ notify: isChosen ? [...draft.notify, name] : draft.notify.filter((other) => other !== name) })
                }
              />
            ))}
          </fieldset>
        </div>
        <Check label="Switched on" checked={draft.enabled} onChecked={(enabled) => set({ enabled })} />
        <p class="summary" role="status">
          {problems.value || problems.states || problems.held ? '' : `Fires when: ${conditionWords(complete)}.`}
        </p>
        {save.error && <ErrorBox error={save.error} />}
      </div>
    </Dialog>
  )
}

function inputOf({ id: _id, revision: _revision, firing: _firing, ...input }: AlarmRule): AlarmRuleInput {
  return input
}

function shownValue({ subject, condition }: AlarmRuleInput): string {
  return subject === 'state' || condition.is === 'one of' ? '' : shownNumber(condition.value, SUBJECTS[subject].factor)
}

function firstCondition(subject: AlarmSubject): AlarmRuleInput['condition'] {
  return subject === 'state'
    ? { is: 'one of', states: ['FAILED', 'AUTH_FAILED'] }
    : { is: SUBJECTS[subject].usual, value: 0 }
}
