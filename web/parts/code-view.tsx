/** Text with line numbers, to read. */
export function CodeView({ text, label }: { readonly text: string; readonly label: string }) {
  const lines = text.replace(/\n$/, '').split('\n').length
  return (
    <div class="code-view">
      <div class="gutter" aria-hidden="true">
        {numbers(lines)}
      </div>
      <pre tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </div>
  )
}

function numbers(count: number): string {
  return Array.from({ length: count }, (_, index) => String(index + 1)).join('\n')
}
