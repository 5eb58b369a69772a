import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { usePopup } from './use-popup.ts'

export interface MenuItem {
  readonly label: string
  readonly run: () => void
  readonly isDangerous?: boolean
  /** Shown, but can't be chosen; says why. */
  readonly disabled?: string
}

interface MenuProps {
  /** What the button is called; shown only as a tooltip when `children` is an icon. */
  readonly label: string
  /** 'separator' = a line. */
  readonly items: readonly (MenuItem | 'separator')[]
  readonly class?: string
  readonly placement?: 'to-the-right' | 'upwards' | ''
  readonly children: ComponentChildren
}

export function Menu({ label, items, class: className = 'quiet', placement = '', children }: MenuProps) {
  const root = useRef<HTMLDivElement>(null)
  const popup = usePopup(root)
  const move = (event: KeyboardEvent) => {
    const buttons = [...(root.current?.querySelectorAll<HTMLButtonElement>('[role=menuitem]') ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key]
    if (next === undefined || !popup.isOpen) return
    event.preventDefault()
    buttons.at(next % buttons.length)?.focus()
  }
  return (
    <div class={`menu ${placement}`} ref={root} onKeyDown={move}>
      <button
        type="button"
        class={className}
        aria-haspopup="menu"
        aria-expanded={popup.isOpen}
        aria-label={label}
        title={label}
        onClick={popup.toggle}
      >
        {children}
      </button>
      {popup.isOpen && (
        <div role="menu" aria-label={label}>
          {items.map((item, index) =>
            item === 'separator' ? (
              <div key={index} role="separator" />
            ) : (
              <button
                key={index}
                type="button"
                role="menuitem"
                class={item.isDangerous ? 'dangerous' : ''}
                aria-disabled={item.disabled !== undefined}
                title={item.disabled}
                onClick={() => {
                  if (item.disabled !== undefined) return
                  popup.close()
                  item.run()
                }}
              >
                {item.label}
                {item.disabled !== undefined && <span class="hint">{item.disabled}</span>}
              </button>
            )
          )}
        </div>
      )}
    </div>
  )
}
