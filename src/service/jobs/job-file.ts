import type { JobLifecycleState, Reason, StartRequest } from '../../api/contract.ts'
import type { Pauses } from '../../model/pauses.ts'
import { anything, flag, having, list, map, nullable, number, record, type Shape, text, whole, word } from '../shape.ts'
import { TRANSITIONS } from './job-lifecycle.ts'
import type { KeptRate } from './kept-rate.ts'

/** Where the next start begins, asked for by somebody and not done yet. The group's commits are replaced. */
export interface PendingReset {
  readonly from: 'earliest' | 'latest' | 'timestamp' | 'offsets'
  readonly time: number | null
  readonly offsets: NonNullable<StartRequest['offsets']> | null
}

/** `jobs/NAME/job.yaml`: all that a restart of the service must know. */
export interface StoredJob {
  readonly name: string
  readonly createdAt: number
  readonly createdBy: string
  readonly changedAt: number
  /** The newest; its text is in `revisions/`. */
  readonly revision: number
  readonly state: JobLifecycleState
  readonly reason: Reason | null
  readonly approvedRevision: number | null
  readonly runningRevision: number | null
  /** Of the connections that it was started with. */
  readonly connections: { readonly source: number | null; readonly target: number | null }
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly pauses: Pauses
  /** What was changed while it ran, until its configuration says something else. null = as configured. */
  readonly rate: KeptRate | null
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug' | null
  readonly pendingReset: PendingReset | null
  /** When its process ended by itself, in the time that counts. */
  readonly failovers: readonly number[]
}

const topicPartition = record({ topic: text, partition: whole })

const reason: Shape<Reason> = (value): value is Reason =>
  record({ code: text, message: text, next: nullable(text) }, { place: having({}) })(value)

export const storedJob: Shape<StoredJob> = record({
  name: text,
  createdAt: number,
  createdBy: text,
  changedAt: number,
  revision: whole,
  state: word(...(Object.keys(TRANSITIONS) as JobLifecycleState[])),
  reason: nullable(reason),
  approvedRevision: nullable(whole),
  runningRevision: nullable(whole),
  connections: record({ source: nullable(whole), target: nullable(whole) }),
  startedAt: nullable(number),
  endedAt: nullable(number),
  pauses: record({ job: flag, topics: list(text), partitions: list(topicPartition) }),
  rate: nullable(record({ bytes: nullable(whole), records: nullable(whole) })),
  logLevel: nullable(word('error', 'warn', 'info', 'debug')),
  pendingReset: nullable(
    record({
      from: word('earliest', 'latest', 'timestamp', 'offsets'),
      time: nullable(number),
      offsets: nullable(map(map(whole)))
    })
  ),
  failovers: list(number)
})

/** `jobs/NAME/revisions/0001.meta`, beside the text in `0001.yaml`. */
export interface StoredRevision {
  readonly revision: number
  readonly at: number
  readonly who: string
  readonly note: string
  /** Of the text, in hexadecimal. */
  readonly sha256: string
}

export const storedRevision: Shape<StoredRevision> = record({
  revision: whole,
  at: number,
  who: text,
  note: text,
  sha256: text
})

/** `jobs/NAME/revisions/0001.plan.json`, as far as it is looked at: it is the `PlanView` that was approved. */
export const storedPlan = having({
  at: number,
  ok: flag,
  mapping: list(having({ source: text, target: text, sourcePartitions: whole })),
  source: having({ clusterId: text }),
  target: having({ clusterId: text }),
  memory: anything
})
