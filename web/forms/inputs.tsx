import type { ComponentChildren } from 'preact'
import { Field } from '../parts/field.tsx'

interface Common {
  readonly label: ComponentChildren
  readonly help?: ComponentChildren
  readonly wrong?: string | undefined
  readonly disabled?: boolean
}

interface TextInputProps extends Common {
  readonly value: string
  readonly onValue: (value: string) => void
  readonly placeholder?: string
  readonly inputMode?: 'numeric' | 'decimal' | 'url' | 'email'
  readonly autofocus?: boolean
  /** Proposals of the browser. */
  readonly options?: readonly string[]
}

export function TextInput({ label, help, wrong, value, onValue, options, autofocus, ...rest }: TextInputProps) {
  return (
    <Field label={label} help={help} wrong={wrong}>
      {(field) => (
        <>
          <input
            {...field}
            {...rest}
            type="text"
            autocomplete="off"
            spellcheck={false}
            autofocus={autofocus}
            value={value}
            {...(options && { list: `${field.id}-options` })}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
          {options && (
            <datalist id={`${field.id}-options`}>
              {options.map((option) => (
                <option key={option} value={option} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  )
}

interface SelectInputProps<Value extends string> extends Common {
  readonly value: Value
  readonly options: readonly (readonly [value: Value, words: string])[]
  readonly onValue: (value: Value) => void
}

export function SelectInput<Value extends string>(props: SelectInputProps<Value>) {
  const { label, help, wrong, value, options, onValue, disabled } = props
  return (
    <Field label={label} help={help} wrong={wrong}>
      {(field) => (
        <select
          {...field}
          disabled={disabled}
          value={value}
          onChange={(event) => onValue(event.currentTarget.value as Value)}
        >
          {options.map(([option, words]) => (
            <option key={option} value={option}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

export function Check({
  label,
  help,
  checked,
  onChecked
}: {
  readonly label: ComponentChildren
  readonly help?: ComponentChildren
  readonly checked: boolean
  readonly onChecked: (checked: boolean) => void
}) {
  return (
    <label class="choice">
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.currentTarget.checked)} />
      <span>{label}</span>
      {help && <span class="help">{help}</span>}
    </label>
  )
}
