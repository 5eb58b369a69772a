import { useState } from 'preact/hooks'
import type { JsonMap } from '../../src/api/contract.ts'
import { validateJob } from '../api/jobs.ts'
import { useAction } from '../api/use-action.ts'
import { ErrorBox } from '../parts/callout.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'

interface ImportDialogProps {
  readonly onImport: (config: JsonMap) => void
  readonly onClose: () => void
}

/** A job's YAML, pasted or from a file, becomes the state of the wizard; what the wizard does not show is kept. */
export function ImportDialog({ onImport, onClose }: ImportDialogProps) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const action = useAction(async () => {
    const { given, problems } = await validateJob({ config: text })
    if (given === null) {
      const [first] = problems
      setProblem(first ? `${first.where} ${first.message}` : 'This is no YAML map.')
      return
    }
    onImport(given)
    onClose()
  })
  return (
    <Dialog
      title="Import YAML"
      wide
      onClose={onClose}
      onSubmit={() => text.trim() !== '' && void action.run()}
      footer={
        <>
          <button type="button" class="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" disabled={text.trim() === '' || action.isRunning} aria-busy={action.isRunning}>
            Import
          </button>
        </>
      }
    >
      <div class="fields">
        <Field label="File" help="A configuration as millrace run takes it.">
          {(field) => (
            <input
              {...field}
              type="file"
              accept=".yaml,.yml,.json"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0]
                void file?.text().then((content) => {
                  setText(content)
                  setProblem(undefined)
                })
              }}
            />
          )}
        </Field>
        <Field
          label="Or paste it"
          wrong={problem}
          help="Comments are not kept. Passwords are better references: ${file:PATH}."
        >
          {(field) => (
            <textarea
              {...field}
              class="mono"
              rows={14}
              spellcheck={false}
              value={text}
              onInput={(event) => {
                setText(event.currentTarget.value)
                setProblem(undefined)
              }}
            />
          )}
        </Field>
        {action.error && <ErrorBox error={action.error} />}
      </div>
    </Dialog>
  )
}
