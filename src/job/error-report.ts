import { MillraceError } from '../model/millrace-error.ts'
import type { ErrorReport } from './worker/worker-messages.ts'

/** What an error says, as plain data. Anything that isn't ours is a bug or the system's: it keeps its message. */
export function errorReport(error: unknown): ErrorReport {
  if (error instanceof MillraceError) {
    const { code, kind, message, next, place } = error
    return { code, kind, message, place, ...(next !== undefined && { next }) }
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { code: 'MR_INTERNAL', kind: 'internal', message, place: {}, next: 'Report this as a bug.' }
}

export function errorOf(report: ErrorReport): MillraceError {
  const { code, kind, message, next, place } = report
  return new MillraceError({ code, kind, message, place, ...(next !== undefined && { next }) })
}
