import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../api/use-action.ts'
import { Dialog } from './dialog.tsx'
import { ErrorBox } from './callout.tsx'
import { Field } from './field.tsx'

interface ConfirmDialogProps {
  readonly title: string
  /** What will happen, in sentences. */
  readonly children: ComponentChildren
  /** The word on the button: what it does, never "OK". */
  readonly verb: string
  readonly isDangerous?: boolean
  /** Must be typed before the button works: the name of what can't be brought back. */
  readonly typed?: string
  readonly onConfirm: () => Promise<unknown>
  readonly onClose: () => void
}

export function ConfirmDialog({ title, children, verb, isDangerous, typed, onConfirm, onClose }: ConfirmDialogProps) {
  const [text, setText] = useState('')
  const action = useAction(onConfirm)
  const isAllowed = typed === undefined || text === typed
  const confirm = async () => {
    if (isAllowed && !action.isRunning && (await action.run())) onClose()
  }
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={
        <>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={isDangerous ? 'danger' : ''}
            disabled={!isAllowed || action.isRunning}
            aria-busy={action.isRunning}
          >
            {verb}
          </button>
        </>
      }
    >
      <div class="fields">
        <div>{children}</div>
        {typed !== undefined && (
          <Field
            label={
              <>
                Type <code>{typed}</code> to confirm
              </>
            }
          >
            {(field) => (
              <input
                {...field}
                type="text"
                autocomplete="off"
                spellcheck={false}
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
        )}
        {action.error && <ErrorBox error={action.error} />}
      </div>
    </Dialog>
  )
}
