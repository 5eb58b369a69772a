import type { JobState } from '../model/job-state.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { EventCounters } from '../telemetry/event-counters.ts'
import type { HealthAnswer } from '../telemetry/metrics/http-endpoint.ts'
import { NOTHING_COUNTED } from '../telemetry/metrics/add-counts.ts'
import type { JobReading, WorkerReading } from '../telemetry/metrics/job-reading.ts'
import type { EventLoopDelay } from '../telemetry/metrics/worker-metrics.ts'
import type { CopyRun } from './copy-run.ts'
import { lagOf } from './lag-of.ts'
import type { StuckPartition } from './stuck/stuck-partition.ts'
import { STUCK_CODES } from './stuck/stuck-reason.ts'
import type { SupervisedWorker } from './supervisor.ts'

export interface JobReadingInput {
  readonly job: string
  readonly state: JobState
  /** Seconds since 1970. */
  readonly startTime: number
  readonly memoryLimit: number
  readonly eventLoopDelay: EventLoopDelay | undefined
  readonly counters: EventCounters
  /** Undefined before the plan is made. */
  readonly run: CopyRun | undefined
}

/** A job as metrics tell of it. */
export function readJob(input: JobReadingInput): JobReading {
  const { job, state, startTime, memoryLimit, counters, run } = input
  return {
    job,
    state,
    startTime,
    memoryLimit,
    partitions: (run?.progress.partitions() ?? []).map((partition) => ({
      topic: partition.topic,
      partition: partition.partition,
      state: partition.state,
      readRecords: partition.readRecords,
      readBytes: partition.readBytes,
      deliveredRecords: partition.records,
      deliveredBytes: partition.bytes,
      altered: partition.altered,
      deadLettered: partition.deadLettered,
      skipped: partition.skipped,
      lag: lagOf(partition),
      lagChange: run?.lagTrend.changeOf(partitionName(partition))
    })),
    planned: run?.plannedPartitions() ?? [],
    workers: (run?.workers() ?? []).map(readWorker),
    supervisor: { rssBytes: process.memoryUsage.rss(), eventLoopDelay: input.eventLoopDelay },
    counts: run?.metrics.totals() ?? NOTHING_COUNTED,
    brokers: run?.metrics.brokers() ?? [],
    restarts: run?.restarts ?? 0,
    stuck: stuckByReason(run?.stuck ?? []),
    events: (counter) => counters.of(counter)
  }
}

function stuckByReason(stuck: readonly StuckPartition[]): Record<string, number> {
  const counts = Object.fromEntries(STUCK_CODES.map((code) => [code, 0]))
  for (const { reason } of stuck) counts[reason.code] = (counts[reason.code] ?? 0) + 1
  return counts
}

function readWorker({ index, ready, status }: SupervisedWorker): WorkerReading {
  return {
    index,
    ready: ready && status !== undefined,
    rssBytes: status?.rssBytes ?? 0,
    inFlightBytes: status?.inFlightBytes ?? 0,
    inFlightLimit: status?.inFlightLimit ?? 0,
    checkpointAge: status?.metrics.checkpointAge ?? 0,
    eventLoopDelay: status?.metrics.eventLoopDelay
  }
}

/** Alive: a supervisor that can answer, of a job that has not failed. Restarting a job that has failed is no use. */
export function healthOf(state: JobState): HealthAnswer {
  const failed = state === 'FAILED' || state === 'AUTH_FAILED'
  return failed ? { ok: false, state, reason: 'The job has failed; its log says why.' } : { ok: true, state }
}

export function readinessOf(state: JobState, workers: readonly SupervisedWorker[]): HealthAnswer {
  // A paused job is what its user wants it to be.
  if (state !== 'RUNNING' && state !== 'PAUSED') return { ok: false, state, reason: `The job is ${state}.` }
  const missing = workers.filter(({ ready, status }) => !ready || status === undefined).map(({ index }) => index)
  if (missing.length > 0) return { ok: false, state, reason: `Not ready yet: worker ${missing.join(', ')}.` }
  return { ok: true, state }
}
