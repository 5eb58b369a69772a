import { useState } from 'preact/hooks'
import type { SecretInput as Secret, SecretView } from '../../src/api/contract.ts'
import { Field } from '../parts/field.tsx'
import { Ago } from '../parts/figures.tsx'

interface SecretInputProps {
  readonly label: string
  /** What is stored. */
  readonly stored: SecretView | null | undefined
  readonly value: Secret | undefined
  readonly onValue: (value: Secret | undefined) => void
  readonly wrong?: string | undefined
  readonly help?: string
}

/** Written, never read: what is stored shows as a fingerprint, and is kept until it is replaced. */
export function SecretInput({ label, stored, value, onValue, wrong, help }: SecretInputProps) {
  const [isReplacing, setReplacing] = useState(stored === null || stored === undefined)
  const replace = () => {
    setReplacing(true)
    // What is left empty is empty, not what was stored.
    onValue(undefined)
  }
  if (stored && !isReplacing) {
    return (
      <Field label={label} help={help} wrong={wrong}>
        {(field) => (
          <div class="with-button secret">
            <span>
              {stored.reference === null ? (
                <>
                  stored, fingerprint <code>{stored.fingerprint ?? '–'}</code>
                </>
              ) : (
                <code>{stored.reference}</code>
              )}
              {stored.changedAt !== null && (
                <small>
                  {' '}
                  changed <Ago at={stored.changedAt} />
                </small>
              )}
            </span>
            <button {...field} type="button" class="quiet" onClick={replace}>
              Replace
            </button>
          </div>
        )}
      </Field>
    )
  }
  const text = value === undefined || 'keep' in value ? '' : 'set' in value ? value.set : value.reference
  return (
    <Field
      label={label}
      wrong={wrong}
      help={
        help ?? 'Kept in a file of the data directory and never shown again. Or a reference: ${file:PATH}, ${env:NAME}.'
      }
    >
      {(field) => (
        <div class="with-button">
          <input
            {...field}
            type="password"
            autocomplete="new-password"
            spellcheck={false}
            value={text}
            onInput={(event) => onValue(asSecret(event.currentTarget.value))}
          />
          {stored && (
            <button
              type="button"
              class="quiet"
              onClick={() => {
                setReplacing(false)
                onValue({ keep: true })
              }}
            >
              Keep the old one
            </button>
          )}
        </div>
      )}
    </Field>
  )
}

function asSecret(text: string): Secret | undefined {
  if (text === '') return undefined
  return /^\$\{(?:file|env):[^}]+\}$/.test(text) ? { reference: text } : { set: text }
}
