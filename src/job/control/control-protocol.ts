import { MillraceError } from '../../model/millrace-error.ts'
import type { Pauses, PauseTarget } from '../../model/pauses.ts'
import type { Rate } from '../../model/rate.ts'
import type { JobStatus, RateChange } from './job-control.ts'
import type { ErrorReport } from '../worker/worker-messages.ts'

/*
 * What is said over a job's control socket: a line of JSON asks, a line of JSON answers.
 *
 *   {"v":1,"op":"rate","bytes":5242880,"records":null}       null = unlimited, absent = as it is
 *   {"v":1,"op":"pause","topic":"orders","partition":3}      without partition: the topic; without both: the job
 *   {"v":1,"op":"resume"}   {"v":1,"op":"status"}
 *
 *   {"v":1,"ok":{…}}   {"v":1,"error":{"code":"MR_…","kind":"…","message":"…","next":"…","place":{}}}
 */

export const PROTOCOL_VERSION = 1
/** Nobody asks for more in one line. */
export const MOST_REQUEST_BYTES = 4096

export type ControlRequest =
  | { readonly op: 'status' }
  | { readonly op: 'rate'; readonly change: RateChange }
  | { readonly op: 'pause' | 'resume'; readonly target: PauseTarget }

export interface ControlAnswers {
  readonly status: JobStatus
  readonly rate: Rate
  readonly pause: Pauses
  readonly resume: Pauses
}

export type ControlReply = { readonly ok: unknown } | { readonly error: ErrorReport }

type Fields = Readonly<Record<string, unknown>>

/** Reads a request strictly: nothing is guessed, converted or ignored. Throws MR_CONTROL_REQUEST. */
export function parseRequest(line: string): ControlRequest {
  const fields = parseFields(line)
  const { v, op, ...rest } = fields
  if (v !== PROTOCOL_VERSION) throw badRequest(`"v" must be ${PROTOCOL_VERSION}`)
  switch (op) {
    case 'status':
      allowOnly(rest, [])
      return { op }
    case 'rate':
      allowOnly(rest, ['bytes', 'records'])
      return { op, change: { ...perSecond(rest, 'bytes'), ...perSecond(rest, 'records') } }
    case 'pause':
    case 'resume':
      allowOnly(rest, ['topic', 'partition'])
      return { op, target: pauseTarget(rest) }
    default:
      throw badRequest('"op" must be status, rate, pause or resume')
  }
}

export function writeRequest(request: ControlRequest): string {
  const { op } = request
  const rest = op === 'rate' ? request.change : op === 'status' ? {} : request.target
  return `${JSON.stringify({ v: PROTOCOL_VERSION, op, ...rest })}\n`
}

/** Undefined = no reply of this protocol. */
export function parseReply(line: string): ControlReply | undefined {
  let reply: unknown
  try {
    reply = JSON.parse(line)
  } catch {
    return undefined
  }
  if (!isFields(reply) || reply['v'] !== PROTOCOL_VERSION) return undefined
  const { ok, error } = reply
  if (isFields(ok)) return { ok }
  if (!isFields(error) || typeof error['code'] !== 'string' || typeof error['message'] !== 'string') return undefined
  return { error: { kind: 'retry', place: {}, ...error } as unknown as ErrorReport }
}

export function writeReply(reply: ControlReply): string {
  return `${JSON.stringify({ v: PROTOCOL_VERSION, ...reply })}\n`
}

function parseFields(line: string): Fields {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    throw badRequest('it is not JSON')
  }
  if (!isFields(parsed)) throw badRequest('it is not an object')
  return parsed
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function allowOnly(fields: Fields, allowed: readonly string[]): void {
  const unknown = Object.keys(fields).find((field) => !allowed.includes(field))
  if (unknown !== undefined) throw badRequest(`${JSON.stringify(unknown.slice(0, 50))} is not known here`)
}

function perSecond(fields: Fields, unit: 'bytes' | 'records'): RateChange {
  if (!Object.hasOwn(fields, unit)) return {}
  const value = fields[unit]
  if (value === null || (Number.isSafeInteger(value) && (value as number) > 0))
    return { [unit]: value as number | null }
  throw badRequest(`"${unit}" must be a whole number above 0, or null for unlimited`)
}

function pauseTarget({ topic, partition }: Fields): PauseTarget {
  if (topic === undefined) {
    if (partition !== undefined) throw badRequest('"partition" needs "topic"')
    return {}
  }
  if (typeof topic !== 'string' || !/^[A-Za-z0-9._-]{1,249}$/.test(topic)) {
    throw badRequest('"topic" must be the name of a topic')
  }
  if (partition === undefined) return { topic }
  if (!Number.isInteger(partition) || (partition as number) < 0 || (partition as number) >= 2 ** 31) {
    throw badRequest('"partition" must be the number of a partition')
  }
  return { topic, partition: partition as number }
}

function badRequest(problem: string): MillraceError {
  return new MillraceError({
    code: 'MR_CONTROL_REQUEST',
    kind: 'configuration',
    message: `The request can't be understood: ${problem}.`,
    next: 'Ask with `millrace control` of the same version as the job; docs/control.md has the protocol.'
  })
}
