import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: ComponentChildren
  readonly help?: ComponentChildren
}

/** Radio buttons with a word of explanation each. */
export function Choices<Value extends string>({
  legend,
  value,
  choices,
  onValue,
  isInline
}: {
  readonly legend: ComponentChildren
  readonly value: Value
  readonly choices: readonly Choice<Value>[]
  readonly onValue: (value: Value) => void
  readonly isInline?: boolean
}) {
  const name = useId()
  return (
    <fieldset class={isInline ? 'inline-choices' : ''}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label class="choice" key={choice.value}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onValue(choice.value)}
          />
          <span>{choice.label}</span>
          {choice.help && <span class="help">{choice.help}</span>}
        </label>
      ))}
    </fieldset>
  )
}
