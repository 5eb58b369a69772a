import { MillraceError, type ErrorKind, type ErrorPlace } from '../model/millrace-error.ts'
import { errorKind, errorName } from './error-codes.ts'
import type { NativeError } from './node-rdkafka-binding.ts'

/** A failure that has one of librdkafka's codes, whatever call it came from. */
export interface RdkafkaFailure {
  readonly code: number
  readonly text: string
}

const NEXT_STEP: Readonly<Record<ErrorKind, string | undefined>> = {
  retry: 'Check that the brokers can be reached; the same again may work.',
  partition: undefined,
  client: undefined,
  authentication: 'Check mechanism, user name and password; nothing is tried again by itself.',
  authorisation: 'Grant the missing permission to this user.',
  configuration: 'Correct the configuration of this cluster.',
  refused: undefined,
  internal: undefined
}

/** The MillraceError of a failed call: kind by librdkafka's code, next step by kind. */
export function rdkafkaError(
  code: string,
  what: string,
  failure: RdkafkaFailure,
  place: ErrorPlace,
  cause?: unknown
): MillraceError {
  const kind = errorKind(failure.code)
  const next = NEXT_STEP[kind]
  return new MillraceError({
    code: kind === 'authentication' ? 'MR_AUTHENTICATION_FAILED' : code,
    kind,
    message: `${what}: ${failure.text} (${errorName(failure.code)})`,
    ...(next === undefined ? {} : { next }),
    place,
    cause
  })
}

/** What node-rdkafka's binding throws or calls back with, or what the addon attaches to its errors. */
export function failureOf(error: unknown): RdkafkaFailure {
  const thrown = error as Partial<NativeError> & { rdkafkaCode?: number }
  const code = thrown.rdkafkaCode ?? (typeof thrown.code === 'number' ? thrown.code : -1)
  return { code, text: thrown.message ?? String(error) }
}

/** A failed call of the addon: its own stable codes are kept, librdkafka's are classified. */
export function addonError(
  code: string,
  what: string,
  error: Error & { code?: string; rdkafkaCode?: number },
  place: ErrorPlace
): MillraceError {
  if (error.code === 'MR_CLIENT_CLOSED') return clientClosed(place)
  if (typeof error.rdkafkaCode === 'number') return rdkafkaError(code, what, failureOf(error), place, error)
  return new MillraceError({ code, kind: 'internal', message: `${what}: ${error.message}`, place, cause: error })
}

export function clientClosed(place: ErrorPlace): MillraceError {
  return new MillraceError({ code: 'MR_CLIENT_CLOSED', kind: 'client', message: 'the client is closed', place })
}

export function cancelled(place: ErrorPlace): MillraceError {
  return new MillraceError({
    code: 'MR_CANCELLED',
    kind: 'retry',
    message: 'connecting was given up on request',
    place
  })
}
