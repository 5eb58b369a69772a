import { useState } from 'preact/hooks'
import { Choices } from '../../forms/choices.tsx'
import { Check, TextInput } from '../../forms/inputs.tsx'
import { Mark } from '../../parts/state-mark.tsx'
import { PLACEHOLDER } from '../logic/check-steps.ts'
import { listAt, textAt, valueAt } from '../logic/json-path.ts'
import { POLICY_WORDS, type Policy, ruleSentence } from '../logic/sentences.ts'
import type { StepProps } from '../step-props.ts'

type Rule = 'same' | 'template' | 'fixed'

export function TargetStep({ config, set, wrong, preview }: StepProps) {
  const rule = textAt(config, ['topics', 'targetName'], PLACEHOLDER)
  const [kind, setKind] = useState<Rule>(
    rule === PLACEHOLDER ? 'same' : rule.includes(PLACEHOLDER) ? 'template' : 'fixed'
  )
  const policy = textAt(config, ['partitions'], 'same') as Policy
  const named = listAt(config, ['topics', 'include']).find((entry) => !entry.startsWith('/'))
  const example = preview.plan?.mapping[0]?.source ?? named ?? 'orders'
  const choose = (next: Rule) => {
    setKind(next)
    const starts = { same: undefined, template: `dr.${PLACEHOLDER}`, fixed: 'all-records' }
    set(['topics', 'targetName'], starts[next])
  }
  const partitions = textAt(config, ['topics', 'create', 'partitions'], 'auto')
  return (
    <>
      <h2 tabIndex={-1}>Names and partitions of the target</h2>
      <div class="columns-2 roomy">
        <div class="stack">
          <Choices<Rule>
            legend="Target topics"
            value={kind}
            choices={[
              { value: 'same', label: 'The same name' },
              { value: 'template', label: 'A name made from the source topic', help: `With ${PLACEHOLDER} in it.` },
              { value: 'fixed', label: 'One topic for all', help: 'Several topics are merged into one.' }
            ]}
            onValue={choose}
          />
          {kind !== 'same' && (
            <TextInput
              label={kind === 'template' ? 'Template' : 'Name'}
              value={rule}
              wrong={wrong('topics.targetName')}
              onValue={(value) => set(['topics', 'targetName'], value)}
            />
          )}
          <p class="summary" role="status">
            {ruleSentence(rule, example)} Single names can be changed in the next step.
          </p>
        </div>
        <div class="stack">
          <Choices<Policy>
            legend="Partition of a record"
            value={policy}
            choices={(['same', 'sticky', 'zero'] as const).map((value) => ({
              value,
              label: POLICY_WORDS[value].title,
              help: POLICY_WORDS[value].why
            }))}
            onValue={(value) => set(['partitions'], value === 'same' ? undefined : value)}
          />
          <p class="summary" role="status">
            <Mark
              word={`Order ${POLICY_WORDS[policy].order}`}
              tone={policy === 'sticky' ? 'degraded' : 'running'}
              shape={policy === 'sticky' ? 'half' : 'check'}
            />
          </p>
        </div>
        <fieldset class="span-2">
          <legend>Topics that the target lacks are created</legend>
          <div class="columns-3">
            <TextInput
              label="Partitions"
              value={partitions}
              options={['auto', 'source', '3', '6', '12']}
              wrong={wrong('topics.create.partitions')}
              help="auto: as the source under “same partition”, else 3. source: as the source. Or a number."
              onValue={(value) =>
                set(['topics', 'create', 'partitions'], value === 'auto' ? undefined : numberOr(value))
              }
            />
            <TextInput
              label="Replication factor"
              value={textAt(config, ['topics', 'create', 'replicationFactor'], '-1')}
              wrong={wrong('topics.create.replicationFactor')}
              help="-1: what the target cluster does by default."
              onValue={(value) =>
                set(['topics', 'create', 'replicationFactor'], value === '-1' ? undefined : numberOr(value))
              }
            />
            <div class="beside-fields">
              <Check
                label="Grow topics that have too few partitions"
                help="Otherwise the job refuses to start."
                checked={valueAt(config, ['topics', 'create', 'grow']) !== false}
                onChecked={(grow) => set(['topics', 'create', 'grow'], grow ? undefined : false)}
              />
            </div>
          </div>
        </fieldset>
      </div>
    </>
  )
}

function numberOr(text: string): string | number {
  return /^-?\d{1,9}$/.test(text) ? Number(text) : text
}
