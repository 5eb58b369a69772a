/** What is wrong with a name that becomes the name of a file; undefined = nothing. */
export function checkName(name: string): { readonly problem: string } | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return undefined
  return {
    problem: 'must be up to 100 letters, digits, dots, underscores and dashes, and begin with a letter or digit'
  }
}
