import { MillraceError } from '../../../src/model/millrace-error.ts'

export function notFound(what: string): MillraceError {
  return new MillraceError({
    code: 'MR_SERVICE_NOT_FOUND',
    kind: 'configuration',
    message: `There is no ${what}.`,
    next: 'List what there is.'
  })
}

export function conflict(message: string, next = 'Read it again, then decide again.'): MillraceError {
  return new MillraceError({ code: 'MR_SERVICE_CONFLICT', kind: 'configuration', message, next })
}

export function wrong(message: string, next = 'Correct the request.'): MillraceError {
  return new MillraceError({ code: 'MR_SERVICE_REQUEST', kind: 'configuration', message, next })
}
