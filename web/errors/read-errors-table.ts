/** What docs/errors.md says of one code; the cells are plain text with `code` marks. */
export interface ErrorEntry {
  readonly code: string
  readonly meaning: string
  readonly next: string
}

/** The rows of the table in docs/errors.md. */
export function readErrorsTable(markdown: string): ErrorEntry[] {
  return markdown
    .split('\n')
    .map((line) => /^\|\s*`(MR_\w+)`\s*\|(.*)\|(.*)\|\s*$/.exec(line))
    .filter((row) => row !== null)
    .map(([, code = '', meaning = '', next = '']) => ({ code, meaning: plain(meaning), next: plain(next) }))
}

function plain(cell: string): string {
  return cell
    .trim()
    .replaceAll('\\|', '|')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
}
