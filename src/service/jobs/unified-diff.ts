import { createTwoFilesPatch } from 'diff'

/** What makes a text out of another one, line by line, as `diff -u` says it; empty = nothing. */
export function unifiedDiff(before: string, after: string, names: readonly [string, string]): string {
  if (before === after) return ''
  const patch = createTwoFilesPatch(names[0], names[1], before, after, undefined, undefined, { context: 3 })
  // Its first line is a rule that only the library knows.
  return patch.replace(/^=+\n/, '')
}
