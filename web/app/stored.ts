/** What a browser remembers for its user; without storage it is forgotten with the page. */
export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(`millrace.${name}`)
  } catch {
    return null
  }
}

export function writeStored(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`millrace.${name}`)
    else localStorage.setItem(`millrace.${name}`, value)
  } catch {
    // Private windows may have none.
  }
}
