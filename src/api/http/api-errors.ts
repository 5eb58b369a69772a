import type { ConfigProblem } from '../contract.ts'
import { MillraceError } from '../../model/millrace-error.ts'

/** What is wrong with a request as HTTP, whatever the service would have said. */
export class ApiError extends MillraceError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly problems: readonly ConfigProblem[]

  constructor(options: {
    readonly status: number
    readonly code: string
    readonly message: string
    readonly next?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly problems?: readonly ConfigProblem[]
  }) {
    const { status, code, message, next, headers = {}, problems = [] } = options
    super({ code, kind: 'configuration', message, ...(next !== undefined && { next }) })
    this.status = status
    this.headers = headers
    this.problems = problems
  }
}

export function notThere(what: string): ApiError {
  return new ApiError({
    status: 404,
    code: 'MR_SERVICE_NOT_FOUND',
    message: `There is no ${what}.`,
    next: 'List what there is.'
  })
}

export function noSuchPath(path: string): ApiError {
  return new ApiError({
    status: 404,
    code: 'MR_API_PATH',
    message: `Nothing is at ${path}.`,
    next: 'GET /api/v1/openapi.json describes what there is.'
  })
}

export function methodNotAllowed(method: string, allowed: readonly string[]): ApiError {
  return new ApiError({
    status: 405,
    code: 'MR_API_METHOD',
    message: `${method} is not possible here.`,
    next: `Use ${allowed.join(' or ')}.`,
    headers: { Allow: allowed.join(', ') }
  })
}

export function wrongRequest(problems: readonly ConfigProblem[]): ApiError {
  return new ApiError({
    status: 400,
    code: 'MR_API_REQUEST',
    message: problems.map(({ where, message }) => `${where === '' ? 'The body' : where}: ${message}.`).join(' '),
    next: 'GET /api/v1/openapi.json describes what is expected.',
    problems
  })
}

export function tooLarge(limit: number): ApiError {
  return new ApiError({
    status: 413,
    code: 'MR_API_TOO_LARGE',
    message: `The body of the request has more than ${limit} bytes.`,
    next: 'Send less.'
  })
}

export function wrongMediaType(given: string | null): ApiError {
  return new ApiError({
    status: 415,
    code: 'MR_API_MEDIA_TYPE',
    message: `The body is ${given === null ? 'of no type' : JSON.stringify(given.slice(0, 100))}, not application/json.`,
    next: 'Send JSON in UTF-8, with Content-Type: application/json.',
    headers: { 'Accept-Post': 'application/json' }
  })
}

export function tooMany(message: string, retryAfterSeconds: number): ApiError {
  return new ApiError({
    status: 429,
    code: 'MR_API_TOO_MANY',
    message,
    next: `Wait ${retryAfterSeconds} s.`,
    headers: { 'Retry-After': String(retryAfterSeconds) }
  })
}

export function preconditionRequired(what: string): ApiError {
  return new ApiError({
    status: 428,
    code: 'MR_API_PRECONDITION_REQUIRED',
    message: `${what} is there already, and the request does not say which state of it is to be changed.`,
    next: 'Send If-Match with the ETag of what you have read, or If-Match: * for whatever is there.'
  })
}

export function preconditionFailed(message: string): ApiError {
  return new ApiError({
    status: 412,
    code: 'MR_API_PRECONDITION_FAILED',
    message,
    next: 'Read it again, then decide again.'
  })
}
