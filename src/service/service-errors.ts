import { MillraceError } from '../model/millrace-error.ts'

/** There is no such connection, job, revision or rule. */
export function notFound(what: string, next = 'See what there is, and correct the name.'): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_NOT_FOUND',
    kind: 'configuration',
    message: `There is no ${what}.`,
    next
  })
}

/** A precondition does not hold, or the state of the thing does not allow it. */
export function conflict(message: string, next: string): MillraceError {
  return new MillraceError({ code: 'MR_SERVICE_CONFLICT', kind: 'refused', message, next })
}

/** What was sent is wrong. */
export function badRequest(message: string, next: string): MillraceError {
  return new MillraceError({ code: 'MR_SERVICE_REQUEST', kind: 'configuration', message, next })
}
