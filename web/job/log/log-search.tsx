import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useShortcut } from '../../app/shortcuts.ts'
import { Icon } from '../../parts/icon.tsx'

/** The service searches, so it is asked when somebody has stopped typing. */
const QUIET_MS = 300

export function LogSearch({ value, search }: { readonly value: string; readonly search: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(value)
  const focus = useCallback(() => input.current?.select(), [])
  useShortcut('/', 'Search the log', focus)
  useEffect(() => {
    if (text === value) return undefined
    const timer = setTimeout(() => search(text), QUIET_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <div class="filter">
      <input
        ref={input}
        type="text"
        placeholder="Search"
        aria-label="Search the log"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && setText('')}
      />
      <Icon name="search" />
      <kbd aria-hidden="true">/</kbd>
    </div>
  )
}
