import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'

export type PropertyValue = string | number | boolean

interface PropertyTableProps {
  readonly label: string
  readonly placeholder: string
  readonly properties: Readonly<Record<string, PropertyValue>>
  readonly onProperties: (properties: Readonly<Record<string, PropertyValue>>) => void
  /** What is wrong with each, by name. */
  readonly wrong: Readonly<Record<string, string>>
}

/** Pairs of name and value; `client.id=mirror` pasted into the name is both. */
export function PropertyTable({ label, placeholder, properties, onProperties, wrong }: PropertyTableProps) {
  const [name, setName] = useState('')
  const [value, setValue] = useState('')
  const add = () => {
    const [key, ...rest] = name.split('=')
    const text = rest.length > 0 ? rest.join('=') : value
    if (key === undefined || key.trim() === '' || text === '') return
    onProperties({ ...properties, [key.trim()]: asValue(text.trim()) })
    setName('')
    setValue('')
  }
  const without = (key: string) => Object.fromEntries(Object.entries(properties).filter(([other]) => other !== key))
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || name === '') return
    event.preventDefault()
    add()
  }
  return (
    <fieldset class="properties">
      <legend>{label}</legend>
      {Object.entries(properties).map(([key, current]) => (
        <div class="property" key={key}>
          <code title={key}>{key}</code>
          <input
            type="text"
            aria-label={`Value of ${key}`}
            aria-invalid={wrong[key] === undefined ? undefined : true}
            aria-describedby={wrong[key] === undefined ? undefined : `wrong-${label}-${key}`}
            autocomplete="off"
            spellcheck={false}
            value={String(current)}
            onInput={(event) => onProperties({ ...properties, [key]: asValue(event.currentTarget.value) })}
          />
          <button
            type="button"
            class="bare icon-only"
            aria-label={`Remove ${key}`}
            onClick={() => onProperties(without(key))}
          >
            <Icon name="close" />
          </button>
          {wrong[key] !== undefined && (
            <span class="wrong" id={`wrong-${label}-${key}`}>
              {wrong[key]}
            </span>
          )}
        </div>
      ))}
      <div class="property">
        <input
          type="text"
          aria-label={`${label}: name of another`}
          placeholder={placeholder}
          autocomplete="off"
          spellcheck={false}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          onKeyDown={onEnter}
        />
        <input
          type="text"
          aria-label={`${label}: value of another`}
          placeholder="value"
          autocomplete="off"
          spellcheck={false}
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
          onKeyDown={onEnter}
        />
        <button type="button" class="quiet icon-only" aria-label={`Add to ${label}`} title="Add" onClick={add}>
          <Icon name="plus" />
        </button>
      </div>
    </fieldset>
  )
}

/** Numbers stay numbers where nothing is lost by it. */
function asValue(text: string): PropertyValue {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text
}
