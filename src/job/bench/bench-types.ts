import type { JobConfig } from '../../config/job-config.ts'
import type { SecretResolver } from '../connect-clusters.ts'
import type { JobEvent } from '../../telemetry/events.ts'
import type { LimitSeconds } from '../../telemetry/metrics/limit-clock.ts'
import type { JobResult, JobSnapshot } from '../job-types.ts'

export interface BenchSettings {
  /** Undefined = a new name. */
  readonly topic: string | undefined
  readonly records: number
  /** Of a record's value; there is no key. */
  readonly sizeBytes: number
  readonly partitions: number
  readonly payload: 'random' | 'json'
  /** Undefined = the brokers' default. */
  readonly replicationFactor: number | undefined
  /** How long latency is measured; 0 = not at all. */
  readonly latencySeconds: number
  /** Records a second while latency is measured. */
  readonly latencyRate: number
}

export interface BenchOptions {
  readonly config: JobConfig
  readonly settings: BenchSettings
  readonly resolveSecrets: SecretResolver
  readonly onEvent: (event: BenchEvent) => void
}

/** A job, as far as a benchmark needs one. */
export interface BenchedJob {
  run(): Promise<JobResult>
  stop(): void
  kill(): void
  snapshot(): JobSnapshot
}

export type BenchPhase = 'connect' | 'create' | 'load' | 'mirror' | 'check' | 'latency' | 'clean'

export type BenchEvent =
  | { readonly type: 'phase'; readonly phase: BenchPhase; readonly text: string }
  | { readonly type: 'progress'; readonly phase: BenchPhase; readonly done: number; readonly of: number }
  | { readonly type: 'job'; readonly event: JobEvent }

export interface Throughput {
  readonly records: number
  readonly recordsPerSecond: number
  /** Keys and values. */
  readonly bytesPerSecond: number
  /** Until the first record was in the target. */
  readonly startSeconds: number
  readonly seconds: number
}

export interface Usage {
  /** Of all processes; null where the system does not tell. */
  readonly cpuMicrosPerRecord: number | null
  readonly workersPeakBytes: number | null
  /** This process, which has also generated the load. */
  readonly supervisorPeakBytes: number
}

export interface Copy {
  readonly equal: boolean
  /** target null = spread over all partitions. */
  readonly partitions: readonly {
    readonly partition: number
    readonly source: number
    readonly target: number | null
  }[]
  readonly sourceRecords: number
  readonly targetRecords: number
}

/** Milliseconds from the source timestamp until a reader of the target had the record. */
export interface Latency {
  readonly records: number
  readonly ratePerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly maxMs: number
}

/** Something that was made and could not be deleted. */
export interface Leftover {
  readonly what: 'topic' | 'group'
  readonly cluster: 'source' | 'target'
  readonly name: string
  readonly why: string
  /** What deletes it. */
  readonly command: string
}

/** The document that `bench -o json` prints. What was not reached is null. */
export interface BenchReport {
  readonly name: string
  readonly state: 'COMPLETED' | 'STOPPED' | 'FAILED'
  readonly topic: string
  readonly targetTopic: string
  readonly groupId: string
  readonly settings: Omit<BenchSettings, 'topic'>
  readonly load: { readonly records: number; readonly bytes: number; readonly seconds: number } | null
  readonly throughput: Throughput | null
  readonly usage: Usage | null
  /** What the workers' time was spent on while records were copied: the side with most limits. */
  readonly limits: LimitSeconds | null
  readonly copy: Copy | null
  readonly latency: Latency | null
  /** Why there is no latency although it was asked for. */
  readonly latencyMissing: string | null
  readonly leftovers: readonly Leftover[]
}

export interface BenchResult {
  readonly report: BenchReport
  /** Why it failed. */
  readonly error?: unknown
}
