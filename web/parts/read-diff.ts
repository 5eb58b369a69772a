export interface DiffLine {
  readonly kind: 'added' | 'removed' | 'hunk' | 'same'
  readonly text: string
}

/** Unified differences; the names of the files say nothing here. */
export function readDiff(text: string): readonly DiffLine[] {
  return text
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !/^(---|\+\+\+|===|Index:|\\ No newline)/.test(line) && line !== '')
    .map((line) => ({ kind: kindOf(line), text: line }))
}

function kindOf(line: string): DiffLine['kind'] {
  if (line.startsWith('@@')) return 'hunk'
  if (line.startsWith('+')) return 'added'
  return line.startsWith('-') ? 'removed' : 'same'
}
