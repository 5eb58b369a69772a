import type { LogLine } from '../../../src/api/contract.ts'

/** A line as text: for the clipboard. */
export function lineText({ at, level, message, attributes }: LogLine): string {
  const rest = Object.keys(attributes).length === 0 ? '' : ` ${JSON.stringify(attributes)}`
  return `${new Date(at).toISOString()} ${level.toUpperCase().padEnd(5)} ${message}${rest}`
}

/** What a live line must contain while the log is searched: as the service searches, in message and attributes. */
export function lineMatches(line: LogLine, search: string): boolean {
  if (search === '') return true
  return `${line.message} ${JSON.stringify(line.attributes)}`.toLowerCase().includes(search.toLowerCase())
}
