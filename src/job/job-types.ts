import type { Finding } from '../control/plan-types.ts'
import type { JobState } from '../model/job-state.ts'
import type { Loss } from '../model/loss.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import type { MillraceError } from '../model/millrace-error.ts'
import type { Pauses } from '../model/pauses.ts'
import type { Rate } from '../model/rate.ts'
import type { OffsetRange } from '../model/offset-range.ts'
import type { PartitionState } from '../pipeline/types.ts'
import type { JobEvent } from '../telemetry/events.ts'
import type { ExportSettings } from '../telemetry/export-settings.ts'
import type { LatencyQuantiles } from '../telemetry/metrics/job-metrics.ts'
import type { LimitSeconds } from '../telemetry/metrics/limit-clock.ts'
import type { SecretResolver } from './connect-clusters.ts'
import type { JobTotals, PartitionProgress } from './job-progress.ts'
import type { StuckPartition } from './stuck/stuck-partition.ts'

export interface JobOptions {
  /** Ignore the group's commits and begin where `start` says. */
  readonly reset: boolean
  /** Try once more although a cluster refused these credentials before. */
  readonly retryAuthentication: boolean
  /** See `resolveSecrets` in config. */
  readonly resolveSecrets: SecretResolver
  /** Where metrics and traces are sent; undefined = nowhere. */
  readonly exports?: ExportSettings | undefined
  /** What is paused from the beginning: as a run before had it. */
  readonly pauses?: Pauses
  /**
   * Workers leave the group when they end, instead of keeping their partitions for a restart: for a group that is deleted
   * afterwards.
   */
  readonly leavesGroup?: boolean
  readonly onEvent: (event: JobEvent) => void
}

/** Of batches, over the last ten seconds and over all; undefined when there were none. */
export interface LatencyView {
  readonly recent: LatencyQuantiles | undefined
  readonly all: LatencyQuantiles | undefined
}

/** A job at this moment, for a live table. */
export interface JobSnapshot {
  readonly name: string
  readonly state: JobState
  /** Since the workers were started. */
  readonly seconds: number
  readonly totals: JobTotals
  readonly partitions: readonly PartitionProgress[]
  readonly workers: readonly {
    readonly pid: number | undefined
    readonly rssBytes: number
    readonly inFlightBytes: number
    readonly inFlightLimit: number
  }[]
  readonly restarts: number
  /** What the job may copy in a second. */
  readonly rate: Rate
  /** What the user has paused. */
  readonly pauses: Pauses
  /** Partitions that have lag and make no progress. */
  readonly stuck: readonly StuckPartition[]
  /** What the workers' time was spent on, in seconds of all of them together. */
  readonly limits: { readonly recent: LimitSeconds; readonly all: LimitSeconds }
  /** From the timestamp of a batch's first record to its delivery. */
  readonly replicationLatency: LatencyView
  /** From fetched to delivered. */
  readonly pipelineLatency: LatencyView
}

export interface LossSummary {
  readonly topic: string
  readonly partition: number
  /** Of docs/errors.md. */
  readonly code: string
  readonly outcome: Loss['outcome']
  readonly message: string
  /** Source offsets that were not copied and can't be any more; null = none, or not known. */
  readonly lost: OffsetRange | null
  /** Source offsets that were written since everything was last seen to be well. */
  readonly writtenSince: OffsetRange | null
}

/** The document that `run -o json` prints. */
export interface JobSummary {
  readonly name: string
  readonly state: JobState
  readonly records: number
  /** Keys and values. */
  readonly bytes: number
  readonly seconds: number
  /** Records whose timestamp could not be kept. */
  readonly altered: number
  /** Records that the target refused, by what became of them; stateDir/audit.jsonl has each. */
  readonly deadLettered: number
  readonly skipped: number
  /** What was lost, also where the job went on. */
  readonly losses: readonly LossSummary[]
  readonly partitions: readonly {
    readonly topic: string
    readonly partition: number
    readonly state: PartitionState
    readonly from: number
    /** The next offset. */
    readonly to: number
    readonly records: number
    /** partition null = spread over all. */
    readonly target: { readonly topic: string; readonly partition: number | null }
  }[]
}

export interface JobResult {
  readonly summary: JobSummary
  /** Why it failed. */
  readonly error?: MillraceError
  /** Plan or preflight said no: nothing was started. */
  readonly refusals: readonly Finding[]
  /** Partitions that stopped by themselves, each with its reason. */
  readonly stopped: readonly PartitionProgress[]
  readonly losses: readonly Loss[]
  /** What was sent and not committed: copied again by the next run. */
  readonly mayRepeat: readonly MayRepeat[]
}
