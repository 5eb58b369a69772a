import type { Reason } from './problem.ts'

export type JobLifecycleState =
  | 'DRAFT'
  | 'SUBMITTED'
  | 'STARTING'
  | 'RUNNING'
  | 'PAUSED'
  /** Runs, but some partitions have stopped; `reason` says which and why. */
  | 'DEGRADED'
  | 'STOPPING'
  | 'STOPPED'
  | 'COMPLETED'
  | 'FAILED'
  | 'AUTH_FAILED'

/** What can be done with a job now; the console shows nothing else. */
export type JobAction =
  'edit' | 'submit' | 'start' | 'pause' | 'resume' | 'stop' | 'reset-position' | 'retry-authentication' | 'delete'

export interface Rates {
  readonly recordsIn: number
  readonly recordsOut: number
  readonly bytesIn: number
  readonly bytesOut: number
}

export type LimitingSide = 'source' | 'mirror' | 'target' | 'rate limit' | 'nothing'

/** Shares of the workers' time in the last ten seconds; in the rest there was nothing to copy. */
export interface LimitShares {
  readonly source: number
  readonly mirror: number
  readonly target: number
  readonly rate: number
}

export interface JobFigures {
  /** In this run. */
  readonly records: number
  readonly bytes: number
  readonly rates: Rates
  readonly lagRecords: number | null
  /** How long copying what is not copied yet takes at the present rate; null = not known, or nothing is delivered. */
  readonly lagSeconds: number | null
  readonly replicationLatencyMs: { readonly p50: number; readonly p99: number } | null
  readonly inFlightBytes: number
  readonly inFlightLimit: number
  readonly limiting: LimitingSide
  readonly limitShares: LimitShares
  readonly notCopied: {
    readonly deadLettered: number
    readonly skipped: number
    readonly altered: number
    readonly losses: number
  }
  readonly memoryBytes: number
  readonly memoryLimit: number
  readonly workerRestarts: number
}

export interface JobListItem {
  readonly name: string
  readonly state: JobLifecycleState
  readonly reason: Reason | null
  readonly source: string
  readonly target: string
  readonly figures: JobFigures | null
  /** Records a second, one value each five seconds, the newest last; null = no measurement. */
  readonly sparkline: readonly (number | null)[]
  readonly topics: number
  readonly partitions: {
    readonly total: number
    readonly stopped: number
    readonly paused: number
    readonly stuck: number
  }
  readonly alarms: { readonly critical: number; readonly warning: number }
  readonly changedAt: number
}

export interface Job extends JobListItem {
  /** Of the newest configuration; the entity tag of the job. */
  readonly revision: number
  /** With which it runs, or ran last. */
  readonly runningRevision: number | null
  /** What of the newest revision takes effect only by a restart; empty = nothing. */
  readonly restartNeeded: readonly string[]
  /** The newest configuration as YAML, secrets as references. */
  readonly config: string
  /** In words: what is going on. */
  readonly sentence: string
  readonly actions: readonly JobAction[]
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly groupId: string
  readonly paused: {
    readonly job: boolean
    readonly topics: readonly string[]
    readonly partitions: readonly TopicPartition[]
  }
  readonly rateLimit: { readonly bytes: number | null; readonly records: number | null }
  readonly logLevel: LogLevel
  readonly sourceCluster: ClusterView | null
  readonly targetCluster: ClusterView | null
  /** How often the job's process ended by itself, within the window after which a start counts as new. */
  readonly failovers: { readonly count: number; readonly most: number; readonly windowMinutes: number }
  readonly isRestartPending: boolean
}

export interface ClusterView {
  readonly clusterId: string
  readonly brokers: number
  readonly connection: string | null
  readonly bootstrapServers: string
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

export interface JobInput {
  /** YAML as `millrace run` takes it; `source.connection: NAME` stands for address, security and properties. */
  readonly config: string
  /** Why it was changed. */
  readonly note?: string
}

export interface Revision {
  readonly revision: number
  readonly at: number
  readonly who: string
  readonly note: string
}

export interface RevisionView extends Revision {
  readonly config: string
  /** Unified differences to the revision before, or to the one that was asked for. */
  readonly diff: string
}
