import type { LogLevel, LogLine } from '../../api/contract.ts'

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug']

/** Whether a level is as severe as another one, or more. */
export function atLeast(level: LogLevel, least: LogLevel): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least)
}

/** What a request asks of lines: text in the message or the attributes, whatever the case, and a level or a more severe one. */
export function logMatches({ search = '', level }: { readonly search?: string; readonly level?: LogLevel }): {
  readonly mayMatch?: (line: string) => boolean
  readonly matches?: (line: LogLine) => boolean
} {
  if (search === '' && (level === undefined || level === 'debug')) return {}
  const wanted = search.toLowerCase()
  // As it stands in a line of JSON. Most lines don't have it, and are not parsed.
  const escaped = JSON.stringify(wanted).slice(1, -1)
  return {
    mayMatch: (line) => wanted === '' || line.toLowerCase().includes(escaped),
    matches: (line) =>
      (level === undefined || atLeast(line.level, level)) &&
      (wanted === '' ||
        line.message.toLowerCase().includes(wanted) ||
        JSON.stringify(line.attributes).toLowerCase().includes(escaped))
  }
}
