import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Field } from '../parts/field.tsx'
import { Icon } from '../parts/icon.tsx'

interface EntryListProps {
  readonly label: string
  readonly help?: ComponentChildren
  readonly wrong?: string | undefined
  readonly placeholder?: string
  readonly entries: readonly string[]
  readonly onEntries: (entries: readonly string[]) => void
  /** Proposals of the browser. */
  readonly options?: readonly string[] | undefined
  /** Why an entry can't be added. */
  readonly problemOf?: (entry: string) => string | undefined
}

/** Words in a list: Enter or Add takes what was typed, Backspace in the empty field takes the last back. */
export function EntryList({ label, help, wrong, placeholder, entries, onEntries, options, problemOf }: EntryListProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const input = useRef<HTMLInputElement>(null)
  const add = () => {
    const words = text.startsWith('/') ? [text.trim()] : text.split(/[\s,]+/).filter(Boolean)
    const bad = words.map((word) => problemOf?.(word)).find((found) => found !== undefined)
    setProblem(bad)
    if (bad !== undefined || words.length === 0) return
    onEntries([...entries, ...words.filter((word) => !entries.includes(word))])
    setText('')
  }
  const remove = (entry: string) => {
    onEntries(entries.filter((other) => other !== entry))
    input.current?.focus()
  }
  return (
    <Field label={label} help={help} wrong={problem ?? wrong}>
      {(field) => (
        <div class="entry-list">
          {entries.length > 0 && (
            <ul aria-label={label}>
              {entries.map((entry) => (
                <li key={entry} class="tag">
                  <code>{entry}</code>
                  <button type="button" class="bare" aria-label={`Remove ${entry}`} onClick={() => remove(entry)}>
                    <Icon name="close" />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <div class="with-button">
            <input
              {...field}
              ref={input}
              type="text"
              autocomplete="off"
              spellcheck={false}
              placeholder={placeholder}
              value={text}
              {...(options && { list: `${field.id}-options` })}
              onInput={(event) => setText(event.currentTarget.value)}
              onBlur={() => text !== '' && add()}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && text !== '') {
                  event.preventDefault()
                  add()
                }
                const last = entries.at(-1)
                if (event.key === 'Backspace' && text === '' && last !== undefined) remove(last)
              }}
            />
            {options && (
              <datalist id={`${field.id}-options`}>
                {options.map((option) => (
                  <option key={option} value={option} />
                ))}
              </datalist>
            )}
            <button type="button" class="quiet" disabled={text === ''} aria-label={`Add to ${label}`} onClick={add}>
              Add
            </button>
          </div>
        </div>
      )}
    </Field>
  )
}
