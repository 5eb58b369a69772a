import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly wide?: boolean
  /** Buttons; the primary one last. */
  readonly footer?: ComponentChildren
  /** Enter in a field, or the button of type submit. */
  readonly onSubmit?: () => void
  readonly children: ComponentChildren
}

/** The browser's own modal dialog: it keeps the focus, gives it back, and Escape closes it. */
export function Dialog({ title, onClose, wide, footer, onSubmit, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const isGone = useRef(false)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    if (element && !element.open) {
      element.showModal()
      // Rather where one goes on than on the way out.
      element.querySelector<HTMLElement>('form :is(input:not(:disabled), select, textarea, footer > button)')?.focus()
    }
    return () => {
      isGone.current = true
      element?.close()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class={wide ? 'wide' : ''}
      aria-labelledby={titleId}
      // The browser tells it later, when the page may be another one already.
      onClose={() => !isGone.current && onClose()}
      onMouseDown={(event) => event.target === dialog.current && onClose()}
    >
      <article>
        <header>
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="bare icon-only" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            onSubmit?.()
          }}
        >
          {children}
          {footer && <footer>{footer}</footer>}
        </form>
      </article>
    </dialog>
  )
}
