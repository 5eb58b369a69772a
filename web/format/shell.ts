/** A word as a POSIX shell takes it literally. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** The request that the console sends, for a script; the token stays a variable. */
export function curlCommand(origin: string, method: string, path: string, body?: unknown): string {
  const words = ['curl', '-sS']
  if (method !== 'GET') words.push('-X', method)
  const head = [...words, '-H', '"Authorization: Bearer $MILLRACE_TOKEN"']
  if (body !== undefined) head.push('-H', "'Content-Type: application/json'", '-d', shellWord(JSON.stringify(body)))
  return [...head, shellWord(`${origin}/api/v1${path}`)].join(' ')
}

export function millraceCommand(...words: string[]): string {
  return ['millrace', ...words.map(shellWord)].join(' ')
}
