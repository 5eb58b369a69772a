import type { ClusterSettings } from '../../client/types.ts'
import type { AuditEntry, BadRecordPolicy } from '../../model/audit-entry.ts'
import type { LossPolicy } from '../../model/loss.ts'
import type { MayRepeat } from '../../model/may-repeat.ts'
import type { ErrorKind, ErrorPlace } from '../../model/millrace-error.ts'
import type { DeliveredRuns } from '../../model/offset-pairs.ts'
import type { OffsetRange } from '../../model/offset-range.ts'
import type { PartitionPolicy } from '../../model/policies.ts'
import type { RecordLimits } from '../../model/record-limits.ts'
import type { StopReason } from '../../model/stop-reason.ts'
import type { PartitionOffset, TopicPartition } from '../../model/topic-partition.ts'
import type { Flow } from '../flow/flow.ts'
import type { PartitionStatus, PreparedPartition } from '../../pipeline/types.ts'
import type { JobEvent, MirrorEvent } from '../../telemetry/events.ts'
import type { TelemetrySettings } from '../../telemetry/start-telemetry.ts'
import type { OtlpTarget } from '../../telemetry/export-settings.ts'
import type { SamplingOptions } from '../../telemetry/traces/trace-sampling.ts'
import type { WorkerMetrics } from '../../telemetry/metrics/worker-metrics.ts'

/*
 * What supervisor and worker say to each other over the child's IPC channel. Everything is plain JSON. Secrets go this
 * way and no other: neither the command line nor the environment of a worker has them.
 */

export interface WorkerSettings {
  readonly job: string
  /** 0-based; stays the same over restarts. */
  readonly index: number
  readonly source: ClusterSettings
  readonly target: ClusterSettings
  readonly groupId: string
  /** Where a worker leaves offset pairs that its supervisor did not take; absent = none are kept. */
  readonly stateDir?: string
  /** Absent = the worker leaves the group when it ends. */
  readonly groupInstanceId?: string
  readonly topics: readonly string[]
  readonly policy: PartitionPolicy
  /** Topics that have a record at each offset, and what to do where one is missing. */
  readonly gapless: Readonly<Record<string, LossPolicy>>
  readonly memory: {
    readonly consumerQueueBytes: number
    readonly fetchMaxBytes: number
    /** Demand's limit. */
    readonly inFlightBytes: number
  }
  readonly badRecords: {
    readonly policy: BadRecordPolicy
    readonly byTopic: Readonly<Record<string, BadRecordPolicy>>
    readonly deadLetter: { readonly topic: string } | { readonly file: string }
  }
  /** `batch.size` of the producer: at most the smallest max.message.bytes of the target topics. */
  readonly producerBatchBytes: number
  /** How soon a worker must see that a topic has grown. */
  readonly discoveryIntervalMs: number
  readonly commitIntervalMs: number
  readonly drainTimeoutMs: number
  /** Undefined = nothing is traced, and the OpenTelemetry SDK is not loaded. */
  readonly traces?: TraceSettings
  /** Somebody reads metrics: what costs something to find out is told, too. */
  readonly exposeMetrics: boolean
}

export interface TraceSettings {
  /** Header secrets resolved. */
  readonly target: OtlpTarget
  readonly sampling: SamplingOptions
  readonly maxLinks: number
  readonly service: TelemetrySettings['service']
}

export type SupervisorMessage =
  | { readonly type: 'start'; readonly settings: WorkerSettings }
  | { readonly type: 'prepared'; readonly id: number; readonly partitions: readonly PreparedPartition[] }
  | { readonly type: 'topics'; readonly topics: readonly string[] }
  /** The ranges of these partitions end at these offsets, as it turned out. */
  | { readonly type: 'ends'; readonly ends: readonly PartitionOffset[] }
  /** How fast this worker may copy from now on, and what not at all. */
  | { readonly type: 'flow'; readonly flow: Flow }
  /** To `audit`, `limits` and `pairs`. */
  | {
      readonly type: 'answer'
      readonly id: number
      readonly limits?: Readonly<Record<string, RecordLimits>>
      readonly error?: ErrorReport
    }
  | {
      readonly type: 'stop-partitions'
      readonly partitions: readonly (TopicPartition & { readonly reason: StopReason })[]
    }
  /** Let go and prepared anew. */
  | { readonly type: 'reassign'; readonly partitions: readonly TopicPartition[] }
  | { readonly type: 'stop'; readonly timeoutMs: number }

/** An error on its way between processes. */
export interface ErrorReport {
  readonly code: string
  readonly kind: ErrorKind
  readonly message: string
  readonly next?: string
  readonly place: ErrorPlace
}

export interface WorkerStatus {
  /** Only partitions that changed since the last status. */
  readonly partitions: readonly PartitionStatus[]
  /** Up to where target partitions have acknowledged what this worker sent. */
  readonly delivered: readonly PartitionOffset[]
  readonly inFlightBytes: number
  readonly inFlightLimit: number
  readonly rssBytes: number
  readonly metrics: WorkerMetrics
}

export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'prepare'; readonly id: number; readonly partitions: readonly TopicPartition[] }
  /** Answered when the audit trail has the entries. */
  | { readonly type: 'audit'; readonly id: number; readonly entries: readonly AuditEntry[] }
  /** Asks what these target topics take of a record. */
  | { readonly type: 'limits'; readonly id: number; readonly topics: readonly string[] }
  /** Answered when offset pairs are kept, or can't be. */
  | { readonly type: 'pairs'; readonly id: number; readonly delivered: readonly DeliveredRuns[] }
  | { readonly type: 'status'; readonly status: WorkerStatus }
  | { readonly type: 'event'; readonly event: MirrorEvent }
  /** Offsets of a gapless topic had no record; if it is to stop, it waits for `stop-partitions`. */
  | { readonly type: 'hole'; readonly partition: TopicPartition; readonly hole: OffsetRange }
  /** The log of a partition is not what it was; it waits for `stop-partitions` or `reassign`. */
  | { readonly type: 'doubt'; readonly partition: TopicPartition; readonly reason: StopReason }
  | Omit<Extract<JobEvent, { readonly type: 'client-event' }>, 'worker'>
  | Extract<JobEvent, { readonly type: 'export-problem' }>
  | { readonly type: 'failed'; readonly error: ErrorReport }
  | { readonly type: 'stopped'; readonly mayRepeat: readonly MayRepeat[] }
