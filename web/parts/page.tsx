import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { useStream } from '../live/use-live.ts'
import { CopyCommands } from './copy-commands.tsx'

interface PageProps {
  readonly title: string
  /** The page above this one. */
  readonly above?: { readonly href: string; readonly title: string }
  /** Beside the name, such as a state. */
  readonly mark?: ComponentChildren
  /** One line that says what is going on. */
  readonly sentence?: ComponentChildren
  /** The primary action, then the overflow menu: always at the same place. */
  readonly actions?: ComponentChildren
  /** "Copy as command". */
  readonly commands?: readonly string[]
  /** What the page's stream brings (`GET /stream?…`); '' = alarms and health. */
  readonly stream?: string
  readonly tabs?: ComponentChildren
  readonly children: ComponentChildren
}

/** Title row, one sentence, tabs, content: every page has this shape. */
export function Page({ title, above, mark, sentence, actions, commands, stream = '', tabs, children }: PageProps) {
  useStream(stream)
  useEffect(() => {
    document.title = `${title} · millrace`
  }, [title])
  return (
    <>
      <div class="title-row">
        <h1>
          {above && (
            <>
              <a class="crumb" href={above.href}>
                {above.title}
              </a>
              <span class="quiet-text" aria-hidden="true">
                {' / '}
              </span>
            </>
          )}
          {title}
        </h1>
        {mark}
        {(actions || commands) && (
          <div class="actions">
            {actions}
            {commands && <CopyCommands commands={commands} />}
          </div>
        )}
      </div>
      {sentence && <p class="sentence">{sentence}</p>}
      {tabs}
      <div class="page-body">{children}</div>
    </>
  )
}
