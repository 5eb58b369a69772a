import { MillraceError } from '../../model/millrace-error.ts'

/** The disk did not take a change, or did not give what it has. */
export function storageError(path: string, doing: 'written' | 'read' | 'removed', cause: unknown): MillraceError {
  if (cause instanceof MillraceError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  return new MillraceError({
    code: 'MR_SERVICE_STORAGE',
    kind: 'retry',
    message: `${path} can't be ${doing}, and nothing was changed: ${why}`,
    next: 'Make room on that disk, or give the user of the service the permission; then try again. Running jobs go on.',
    place: { file: path },
    cause
  })
}

/** A file is there and not what it should be. It is left as it is. */
export function tornFile(path: string, why: string): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_TORN',
    kind: 'configuration',
    message: `${path} is damaged: ${why}. It is left as it is, and what it describes is not served.`,
    next: 'Correct it or put a copy back, or move it away to do without; then restart the service.',
    place: { file: path }
  })
}
