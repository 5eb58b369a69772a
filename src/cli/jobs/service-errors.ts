import type { Problem } from '../../api/contract.ts'
import { ConfigErrors } from '../../config/config-errors.ts'
import { type ErrorKind, MillraceError } from '../../model/millrace-error.ts'

/** What the service refused, as the error that it was there. */
export function errorOfProblem(problem: Problem): MillraceError {
  const { code, detail, next, place, problems = [], status } = problem
  if (code === 'MR_CONFIG_INVALID' && problems.length > 0) return new ConfigErrors(problems)
  return new MillraceError({
    code,
    kind: kindOf(status),
    message: detail,
    ...(next !== null && { next }),
    ...(place !== undefined && { place })
  })
}

/** Whether somebody must change something (exit code 2), the service says no (4), or it may work another time (1). */
function kindOf(status: number): ErrorKind {
  if (status === 409) return 'refused'
  return status < 500 && status !== 429 ? 'configuration' : 'retry'
}

export function noService(url: string, cause: Error): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_UNREACHABLE',
    kind: 'retry',
    message: `No job service answers at ${url}: ${cause.message}.`,
    next: 'Start it with `millrace serve`, or say where it is with --server.',
    cause
  })
}

export function notAService(url: string, what: string): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_UNREACHABLE',
    kind: 'configuration',
    message: `What answers at ${url} is no job service of millrace: ${what}.`,
    next: 'Correct --server.'
  })
}

export function noSuchToken(path: string, cause: unknown): MillraceError {
  return new MillraceError({
    code: 'MR_TOKEN_FILE',
    kind: 'configuration',
    message: `The token file ${path} can't be read.`,
    next: 'Name the file that has the token with --token-file, or its directory with --data-dir.',
    place: { file: path },
    cause
  })
}

export function jobsUsage(message: string): MillraceError {
  return new MillraceError({
    code: 'MR_JOBS_USAGE',
    kind: 'configuration',
    message,
    next: '`millrace jobs --help` shows how it is written.'
  })
}
