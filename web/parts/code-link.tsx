/** The stable code of an error, leading to its explanation. */
export function CodeLink({ code }: { readonly code: string }) {
  if (code === '') return null
  return (
    <a href={`/errors/${encodeURIComponent(code)}`}>
      <code>{code}</code>
    </a>
  )
}
