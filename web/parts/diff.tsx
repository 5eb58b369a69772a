import { readDiff } from './read-diff.ts'

/** Differences: the signs say it, colours help. */
export function Diff({ text }: { readonly text: string }) {
  const lines = readDiff(text)
  if (lines.length === 0) return <p class="quiet-text">No differences.</p>
  return (
    <pre class="diff" tabIndex={0} role="region" aria-label="Differences">
      {lines.map((line, index) => (
        <span key={index} class={line.kind}>
          {line.text}
        </span>
      ))}
    </pre>
  )
}
