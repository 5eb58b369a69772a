import { useRef } from 'preact/hooks'

interface CodeEditorProps {
  readonly value: string
  readonly change: (value: string) => void
  readonly label: string
  /** Lines, from 1, in which something is wrong. */
  readonly wrongLines: readonly number[]
}

/** A text area with line numbers. Tab leaves it, as everywhere: nobody who uses the keyboard alone is caught. */
export function CodeEditor({ value, change, label, wrongLines }: CodeEditorProps) {
  const gutter = useRef<HTMLDivElement>(null)
  const wrong = new Set(wrongLines)
  const lines = value.split('\n').length
  return (
    <div class="code-view">
      <div class="gutter" aria-hidden="true" ref={gutter}>
        {Array.from({ length: lines }, (_, index) => (
          <div key={index} class={wrong.has(index + 1) ? 'wrong-line' : ''}>
            {index + 1}
          </div>
        ))}
      </div>
      <textarea
        aria-label={label}
        aria-invalid={wrong.size > 0 || undefined}
        rows={Math.min(32, Math.max(18, lines + 1))}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        wrap="off"
        value={value}
        onInput={(event) => change(event.currentTarget.value)}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
}
