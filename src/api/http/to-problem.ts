import { STATUS_CODES } from 'node:http'
import { MillraceError, type ErrorKind } from '../../model/millrace-error.ts'
import type { ConfigProblem, Problem } from '../contract.ts'
import { ApiError } from './api-errors.ts'

export interface ProblemAnswer {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
  /** Nobody expected it: the log of the service has the whole error. */
  readonly isUnexpected: boolean
}

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  MR_SERVICE_NOT_FOUND: 404,
  MR_SERVICE_CONFLICT: 409,
  MR_SERVICE_REQUEST: 400,
  MR_SERVICE_STORAGE: 507
}

/**
 * 401 and 403 are about whoever asks this service. What a cluster says of our credentials is, seen from there, an answer
 * of something behind us.
 */
const STATUS_OF_KIND: Readonly<Record<Exclude<ErrorKind, 'internal'>, number>> = {
  configuration: 422,
  refused: 409,
  retry: 502,
  partition: 502,
  client: 502,
  authentication: 502,
  authorisation: 502
}

/** What is told of an error. Of one that is our fault nothing but that it is. */
export function toProblem(error: unknown): ProblemAnswer {
  if (error instanceof ApiError) {
    const { status, headers, problems } = error
    return { problem: problemOf(status, error, problems), headers, isUnexpected: false }
  }
  if (error instanceof MillraceError && error.kind !== 'internal') {
    const status = STATUS_OF_CODE[error.code] ?? STATUS_OF_KIND[error.kind]
    return { problem: problemOf(status, error, problemsOf(error)), headers: {}, isUnexpected: false }
  }
  const internal = new MillraceError({
    code: 'MR_INTERNAL',
    kind: 'internal',
    message: 'Something unexpected happened in the service.',
    next: 'Its log says what; report it as a bug.'
  })
  return { problem: problemOf(500, internal, []), headers: {}, isUnexpected: true }
}

export function problemResponse({ problem, headers }: ProblemAnswer): Response {
  return new Response(`${JSON.stringify(problem)}\n`, {
    status: problem.status,
    headers: { ...headers, 'Content-Type': 'application/problem+json' }
  })
}

function problemOf(status: number, error: MillraceError, problems: readonly ConfigProblem[]): Problem {
  const { code, message, next = null, place } = error
  return {
    type: `docs/errors.md#${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail: message,
    next,
    ...(Object.keys(place).length > 0 && { place }),
    ...(problems.length > 0 && { problems })
  }
}

/** Errors of configurations carry everything that is wrong. */
function problemsOf(error: MillraceError & { readonly problems?: readonly ConfigProblem[] }): readonly ConfigProblem[] {
  return Array.isArray(error.problems) ? error.problems : []
}
