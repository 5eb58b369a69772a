/** `${file:/run/secrets/password}` or `${env:PASSWORD}`, anywhere in a text. */
export interface SecretReference {
  readonly text: string
  readonly kind: string
  readonly name: string
}

const pattern = /\$\{([a-z]+):([^}]*)\}/g

export function secretReferences(text: string): SecretReference[] {
  return [...text.matchAll(pattern)].map(([whole, kind = '', name = '']) => ({ text: whole, kind, name: name.trim() }))
}

export function replaceReferences(text: string, resolve: (reference: SecretReference) => string): string {
  return text.replace(pattern, (whole: string, kind: string, name: string) => {
    return resolve({ text: whole, kind, name: name.trim() })
  })
}
