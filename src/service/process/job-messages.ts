import type { LogLevel } from '../../api/contract.ts'
import type { JobConfig } from '../../config/job-config.ts'
import type { RateChange } from '../../job/control/job-control.ts'
import type { JobResult, JobSnapshot } from '../../job/job-types.ts'
import type { ErrorReport } from '../../job/worker/worker-messages.ts'
import type { Pauses, PauseTarget } from '../../model/pauses.ts'
import type { Rate } from '../../model/rate.ts'
import type { JobTelling } from '../record/records.ts'
import { anything, flag, having, list, number, nullable, record, text, whole, word } from '../shape.ts'

/*
 * What the service and the process of a job say to each other over the child's IPC channel; plain JSON. What arrives was
 * written by a process that may be broken, so it is read strictly: anything else ends the connection between the two.
 * Secrets do not go this way: the configuration has references, which the job's process looks up itself.
 */

export interface JobStart {
  readonly config: JobConfig
  readonly reset: boolean
  readonly retryAuthentication: boolean
  readonly pauses: Pauses
  readonly logLevel: LogLevel
}

export type JobCommand =
  | { readonly type: 'start'; readonly start: JobStart }
  /** Drains, commits and ends. */
  | { readonly type: 'stop' }
  /** Ends at once. */
  | { readonly type: 'kill' }
  | { readonly type: 'log-level'; readonly level: LogLevel }
  /** Copied from now on, in addition. */
  | { readonly type: 'include'; readonly topics: readonly string[] }
  /** Answered. */
  | { readonly type: 'pause' | 'resume'; readonly id: number; readonly target: PauseTarget }
  | { readonly type: 'rate'; readonly id: number; readonly change: RateChange }

export type JobReport =
  | {
      readonly type: 'snapshot'
      readonly snapshot: JobSnapshot
      /** Of the job's process itself, without its workers. */
      readonly rssBytes: number
      readonly losses: number
    }
  | { readonly type: 'told'; readonly tellings: readonly JobTelling[] }
  | { readonly type: 'answer'; readonly id: number; readonly pauses: Pauses; readonly rate: Rate }
  | { readonly type: 'refusal'; readonly id: number; readonly error: ErrorReport }
  | { readonly type: 'ended'; readonly end: JobEnd }

/** How a job's process ended by its own account. */
export interface JobEnd {
  readonly state: JobResult['summary']['state']
  /** Why it failed; of a plan that says no its first refusal. */
  readonly error: ErrorReport | null
}

const ERROR_KINDS = [
  'retry',
  'partition',
  'client',
  'authentication',
  'authorisation',
  'configuration',
  'refused',
  'internal'
] as const

const STATES = ['STARTING', 'RUNNING', 'PAUSED', 'STOPPING', 'COMPLETED', 'STOPPED', 'FAILED', 'AUTH_FAILED'] as const

const LEVELS = ['error', 'warn', 'info', 'debug'] as const

export const errorReportShape = having({
  code: text,
  kind: word(...ERROR_KINDS),
  message: text,
  place: having({})
})

const topicPartition = having({ topic: text, partition: whole })
const pauses = record({ job: flag, topics: list(text), partitions: list(record({ topic: text, partition: whole })) })
const rate = record({}, { bytes: whole, records: whole })
const rateChange = record({}, { bytes: nullable(whole), records: nullable(whole) })
const target = record({}, { topic: text, partition: whole })
const seconds = having({ source: number, mirror: number, target: number, rate: number, idle: number })

const snapshot = having({
  name: text,
  state: word(...STATES),
  seconds: number,
  totals: having({ records: whole, bytes: whole, altered: whole, deadLettered: whole, skipped: whole }),
  partitions: list(
    having({
      topic: text,
      partition: whole,
      target: text,
      state: word('copying', 'completed', 'stopped', 'deleted', 'revoked'),
      from: number,
      to: number,
      readRecords: whole,
      readBytes: whole,
      records: whole,
      bytes: whole
    })
  ),
  workers: list(having({ rssBytes: number, inFlightBytes: number, inFlightLimit: number })),
  restarts: whole,
  rate,
  pauses,
  stuck: list((value): value is object => topicPartition(value) && having({ reason: having({ code: text }) })(value)),
  limits: having({ recent: seconds }),
  replicationLatency: having({})
})

const telling = record({ at: number, level: word(...LEVELS), type: text, text, attributes: having({}) })

const REPORTS: Readonly<Record<JobReport['type'], (message: unknown) => boolean>> = {
  snapshot: record({ type: anything, snapshot, rssBytes: number, losses: whole }),
  told: record({ type: anything, tellings: list(telling) }),
  answer: record({ type: anything, id: whole, pauses, rate }),
  refusal: record({ type: anything, id: whole, error: errorReportShape }),
  ended: record({ type: anything, end: record({ state: word(...STATES), error: nullable(errorReportShape) }) })
}

const start = record({
  config: having({
    name: text,
    source: having({ bootstrapServers: text, groupId: text, security: having({}), properties: having({}) }),
    target: having({ bootstrapServers: text, security: having({}), properties: having({}) }),
    topics: having({ include: list(text) }),
    limits: having({ memory: whole, rate }),
    checkpoint: having({ drainTimeoutMs: number }),
    stateDir: text
  }),
  reset: flag,
  retryAuthentication: flag,
  pauses,
  logLevel: word(...LEVELS)
})

const COMMANDS: Readonly<Record<JobCommand['type'], (message: unknown) => boolean>> = {
  start: record({ type: anything, start }),
  stop: record({ type: anything }),
  kill: record({ type: anything }),
  'log-level': record({ type: anything, level: word(...LEVELS) }),
  include: record({ type: anything, topics: list(text) }),
  pause: record({ type: anything, id: whole, target }),
  resume: record({ type: anything, id: whole, target }),
  rate: record({ type: anything, id: whole, change: rateChange })
}

/** Undefined = nothing that a job's process says. */
export function readJobReport(message: unknown): JobReport | undefined {
  return isOneOf(message, REPORTS) ? (message as JobReport) : undefined
}

/** Undefined = nothing that the service says. */
export function readJobCommand(message: unknown): JobCommand | undefined {
  return isOneOf(message, COMMANDS) ? (message as JobCommand) : undefined
}

function isOneOf(message: unknown, shapes: Readonly<Record<string, (message: unknown) => boolean>>): boolean {
  if (!having({ type: text })(message)) return false
  return Object.hasOwn(shapes, message.type) && shapes[message.type]?.(message) === true
}
