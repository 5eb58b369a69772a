import { PropertyTable } from '../../forms/property-table.tsx'
import { Choices } from '../../forms/choices.tsx'
import { SelectInput, TextInput } from '../../forms/inputs.tsx'
import { ErrorBox } from '../../parts/callout.tsx'
import { keptOptions } from '../logic/kept-options.ts'
import { mapAt, textAt } from '../logic/json-path.ts'
import { MemoryPart } from '../memory-part.tsx'
import type { StepProps } from '../step-props.ts'
import { TimeField } from '../time-field.tsx'
import type { PropertyValue } from '../../forms/property-table.tsx'

type From = 'earliest' | 'latest' | 'timestamp' | 'committed' | 'offsets'

export function TaskStep(props: StepProps) {
  const { config, set, wrong, preview } = props
  const from = textAt(config, ['start', 'from'], 'earliest') as From
  const stop = textAt(config, ['stop', 'at'], 'never')
  const stopKind = stop === 'never' || stop === 'end' ? stop : 'time'
  const onBadRecord = textAt(config, ['onBadRecord'], 'stop')
  const kept = keptOptions(config)
  return (
    <>
      <h2 tabIndex={-1}>How it runs</h2>
      <div class="columns-2 roomy">
        <MemoryPart {...props} />
        <fieldset>
          <legend>Rate</legend>
          <div class="columns-2">
            <TextInput
              label="Bytes a second"
              value={textAt(config, ['limits', 'rate', 'bytes'], 'unlimited')}
              options={['unlimited', '10MiB', '50MiB', '100MiB']}
              wrong={wrong('limits.rate.bytes')}
              onValue={(value) => set(['limits', 'rate', 'bytes'], value === 'unlimited' ? undefined : value)}
            />
            <TextInput
              label="Records a second"
              value={textAt(config, ['limits', 'rate', 'records'], 'unlimited')}
              options={['unlimited', '1000', '10000', '100000']}
              wrong={wrong('limits.rate.records')}
              onValue={(value) =>
                set(['limits', 'rate', 'records'], value === 'unlimited' ? undefined : wholeOr(value))
              }
            />
          </div>
          <p class="help">Both can be changed while the job runs.</p>
        </fieldset>
        <div class="stack">
          <Choices<From>
            legend="Start, where the group has no commits"
            value={from}
            choices={[
              { value: 'earliest', label: 'At the first record' },
              { value: 'latest', label: 'At the end: only what comes from now on' },
              { value: 'timestamp', label: 'At a time' },
              { value: 'committed', label: 'Only from commits', help: 'Without commits the job refuses to start.' },
              ...(from === 'offsets'
                ? [{ value: 'offsets' as const, label: 'At the offsets of the configuration' }]
                : [])
            ]}
            onValue={(next) => {
              set(['start'], next === 'earliest' ? undefined : { from: next })
            }}
          />
          {from === 'timestamp' && (
            <TimeField
              label="Start at"
              value={textAt(config, ['start', 'time'])}
              wrong={wrong('start.time')}
              onValue={(time) => set(['start', 'time'], time)}
            />
          )}
        </div>
        <div class="stack">
          <Choices
            legend="Stop"
            value={stopKind}
            choices={[
              { value: 'never', label: 'Never: goes on until somebody stops it' },
              { value: 'end', label: 'When all that is there at the start is copied' },
              { value: 'time', label: 'When it has come to a time' }
            ]}
            onValue={(next) => set(['stop', 'at'], next === 'never' ? undefined : next === 'end' ? 'end' : '')}
          />
          {stopKind === 'time' && (
            <TimeField
              label="Stop at"
              value={stop}
              wrong={wrong('stop.at')}
              onValue={(time) => set(['stop', 'at'], time)}
            />
          )}
        </div>
        <SelectInput
          label="A record that the target refuses"
          value={onBadRecord}
          options={[
            ['stop', 'stops its partition'],
            ['dead-letter', 'goes to the dead letters'],
            ['skip', 'is skipped']
          ]}
          help="Each is in the audit trail; the others go on in order."
          onValue={(value) => set(['onBadRecord'], value === 'stop' ? undefined : value)}
        />
        <SelectInput
          label="Records that are gone before they were copied"
          value={textAt(config, ['onLoss'], 'stop')}
          options={[
            ['stop', 'stop their partition'],
            ['continue', 'are named, and the copy goes on']
          ]}
          help="Deleted by retention, or with their topic."
          onValue={(value) => set(['onLoss'], value === 'stop' ? undefined : value)}
        />
        {onBadRecord === 'dead-letter' && (
          <TextInput
            label="Topic for dead letters"
            value={textAt(config, ['deadLetter', 'topic'])}
            placeholder={`${textAt(config, ['name'])}-dead-letter`}
            wrong={wrong('deadLetter.topic')}
            onValue={(value) => set(['deadLetter', 'topic'], value === '' ? undefined : value)}
          />
        )}
        {(['source', 'target'] as const).map((side) => (
          <PropertyTable
            key={side}
            label={side === 'source' ? 'Consumer properties' : 'Producer properties'}
            placeholder={side === 'source' ? 'fetch.max.bytes' : 'compression.type'}
            properties={mapAt(config, [side, 'properties']) as Readonly<Record<string, PropertyValue>>}
            wrong={wrongProperties(props, side)}
            onProperties={(properties) =>
              set([side, 'properties'], Object.keys(properties).length === 0 ? undefined : properties)
            }
          />
        ))}
      </div>
      {kept.length > 0 && (
        <p class="summary">
          Kept as they are, though no step shows them:{' '}
          {kept.map((option) => (
            <code key={option}>{option}</code>
          ))}
        </p>
      )}
      {preview.error && <ErrorBox error={preview.error} retry={preview.refresh} />}
    </>
  )
}

function wrongProperties({ config, wrong }: StepProps, side: 'source' | 'target'): Readonly<Record<string, string>> {
  const names = Object.keys(mapAt(config, [side, 'properties']))
  return Object.fromEntries(
    names.flatMap((name) => {
      const message = wrong(`${side}.properties.${name}`)
      return message === undefined ? [] : [[name, message]]
    })
  )
}

function wholeOr(text: string): string | number {
  return /^\d{1,15}$/.test(text) ? Number(text) : text
}
