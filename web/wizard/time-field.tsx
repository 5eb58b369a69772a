import { useState } from 'preact/hooks'
import { formatTime, formatUtc, zoneOf } from '../format/times.ts'
import { Field } from '../parts/field.tsx'
import { readRfc3339, readZoned, type Zone, zonedInput, zoneName } from './logic/zone-time.ts'

interface TimeFieldProps {
  readonly label: string
  /** RFC 3339, or '' */
  readonly value: string
  readonly onValue: (value: string) => void
  readonly wrong?: string | undefined
}

/** A time with the zone in which it is meant; what it is in the other one stands beside it. */
export function TimeField({ label, value, onValue, wrong }: TimeFieldProps) {
  const at = readRfc3339(value)
  const [zone, setZone] = useState<Zone>(value.endsWith('Z') ? 'utc' : 'local')
  const [text, setText] = useState(at === undefined ? '' : zonedInput(at, zone))
  const read = readZoned(text, zone)
  const enter = (entered: string, inZone: Zone) => {
    setText(entered)
    setZone(inZone)
    onValue(readZoned(entered, inZone)?.text ?? '')
  }
  const shown = read?.at ?? at
  const elsewhere =
    shown === undefined ? '' : zone === 'utc' ? `${formatTime(shown)} ${zoneOf(shown)}` : formatUtc(shown)
  return (
    <Field
      label={label}
      wrong={wrong}
      help={
        read?.isInGap
          ? `The clock was put forward then, so this is taken as ${elsewhere}.`
          : elsewhere === ''
            ? undefined
            : `= ${elsewhere}`
      }
    >
      {(field) => (
        <div class="with-button time">
          <input
            {...field}
            type="datetime-local"
            step={1}
            value={text}
            onInput={(event) => enter(event.currentTarget.value, zone)}
          />
          <select
            aria-label={`${label}: time zone`}
            value={zone}
            onChange={(event) => {
              const next = event.currentTarget.value as Zone
              // The moment stays, its clock changes.
              enter(shown === undefined ? text : zonedInput(shown, next), next)
            }}
          >
            <option value="local">{zoneName(shown ?? Date.now())}</option>
            <option value="utc">UTC</option>
          </select>
        </div>
      )}
    </Field>
  )
}
