import type { BadRecordPolicy } from '../model/audit-entry.ts'
import type { LossPolicy } from '../model/loss.ts'
import type { PartitionPolicy } from '../model/policies.ts'
import type { Rate } from '../model/rate.ts'

/*
 * A job's configuration after reading, checking and defaulting: what the rest of the program sees. Sizes are bytes,
 * durations milliseconds, times milliseconds since 1970. Secrets are resolved only by `resolveSecrets` (see there).
 */

export interface SecurityConfig {
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
  readonly mechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username?: string
  /** As written: usually a reference such as `${file:/run/secrets/password}` or `${env:PASSWORD}`. */
  readonly password?: string
  /** PEM files. */
  readonly caFile?: string
  readonly certificateFile?: string
  readonly keyFile?: string
  readonly keyPassword?: string
  /** Compare the broker's name with its certificate. Default true. */
  readonly verifyHostname: boolean
}

export type PropertyValue = string | number | boolean

export interface ClusterConfig {
  /** The connection that stood for address, security and properties. */
  readonly connection?: string
  readonly bootstrapServers: string
  readonly security: SecurityConfig
  /** The user's pass-through properties, checked, translated to librdkafka's names, secrets unresolved. */
  readonly properties: Readonly<Record<string, PropertyValue>>
}

export type StartConfig =
  | { readonly from: 'earliest' | 'latest' | 'committed' }
  | { readonly from: 'timestamp'; readonly time: number }
  /** Partitions that are not listed start at their first record. */
  | { readonly from: 'offsets'; readonly offsets: Readonly<Record<string, Readonly<Record<number, number>>>> }

export type StopConfig =
  { readonly at: 'never' } | { readonly at: 'end' } | { readonly at: 'time'; readonly time: number }

/** What an existing target topic may do to the copied records. */
export type Acceptance = 'delete' | 'restamp' | 'reject'

export interface TopicSettings {
  readonly transactional?: boolean
  readonly onBadRecord?: BadRecordPolicy
  readonly onLoss?: LossPolicy
}

export interface JobConfig {
  readonly name: string
  readonly source: ClusterConfig & { readonly groupId: string }
  readonly target: ClusterConfig & { readonly accept: readonly Acceptance[] }
  readonly topics: {
    readonly include: readonly string[]
    readonly exclude: readonly string[]
    /** A name, or a template with `#{source_Topic_name}`. */
    readonly targetName: string
    readonly overrides: Readonly<Record<string, string>>
    readonly create: {
      readonly partitions: 'auto' | 'source' | number
      readonly replicationFactor: number
      readonly grow: boolean
      readonly configs: Readonly<Record<string, string>>
    }
    readonly discoveryIntervalMs: number
    readonly settings: Readonly<Record<string, TopicSettings>>
  }
  readonly partitions: PartitionPolicy
  readonly start: StartConfig
  readonly stop: StopConfig
  readonly onBadRecord: BadRecordPolicy
  /** `file`: absolute path. */
  readonly deadLetter: { readonly topic: string } | { readonly file: string }
  readonly limits: {
    readonly memory: number
    /** What a second may bring; absent = unlimited. */
    readonly rate: Rate
  }
  /** Where a topic has no setting of its own. */
  readonly onLoss: LossPolicy
  readonly workers: 'auto' | number
  /** Of the job's process, by the job service. */
  readonly restarts: { readonly most: number; readonly windowMs: number }
  /** Absolute path. */
  readonly stateDir: string
  readonly checkpoint: {
    readonly intervalMs: number
    /** How long a revoke or a stop waits for what is in flight. */
    readonly drainTimeoutMs: number
  }
  readonly log: {
    readonly level: 'error' | 'warn' | 'info' | 'debug'
    readonly format: 'text' | 'json'
    /** Absolute path; undefined = stderr. */
    readonly file?: string
    readonly maxSizeBytes: number
    readonly maxFiles: number
  }
  /** `listen`: host:port. */
  readonly http: { readonly listen?: string }
  readonly metrics: {
    /** Undefined = as the OTEL_* variables say. */
    readonly export?: 'none' | 'otlp'
    readonly intervalMs: number
    readonly maxPartitions: number
  }
  readonly traces: {
    readonly export?: 'none' | 'otlp'
    /** 0 to 1. */
    readonly ratio: number
    /** `orders`, `orders-7`, `orders-7@123456`, `orders-7@1000..2000`. */
    readonly always: readonly string[]
    readonly slowerThanMs?: number
    readonly failed: boolean
    readonly maxLinks: number
  }
  readonly otlp: {
    readonly endpoint?: string
    readonly protocol?: 'http/protobuf' | 'http/json' | 'grpc'
    /** Secrets unresolved. */
    readonly headers: Readonly<Record<string, string>>
  }
}
