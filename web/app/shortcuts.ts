import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { KeySequence } from './key-sequence.ts'

export interface Shortcut {
  /** "?", "/", "g j" */
  readonly keys: string
  readonly title: string
  readonly run: () => void
}

/** Those that work now, the newest last: of two with the same keys the last wins. */
export const shortcuts = signal<readonly Shortcut[]>([])

export function addShortcuts(added: readonly Shortcut[]): () => void {
  shortcuts.value = [...shortcuts.peek(), ...added]
  return () => (shortcuts.value = shortcuts.peek().filter((shortcut) => !added.includes(shortcut)))
}

/** As long as the component is there. */
export function useShortcut(keys: string, title: string, run: () => void): void {
  useEffect(() => addShortcuts([{ keys, title, run }]), [keys, title, run])
}

export function listenForShortcuts(): void {
  const sequence = new KeySequence()
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (event.key === 'Shift' || document.querySelector('dialog[open]')) return
    const known = shortcuts.peek()
    const keys = sequence.push(
      event.key,
      event.timeStamp,
      known.map((shortcut) => shortcut.keys)
    )
    if (keys === undefined) return
    event.preventDefault()
    known.findLast((shortcut) => shortcut.keys === keys)?.run()
  })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, select, textarea'))
}
