/*
 * What the job service and whoever talks to it (console, `millrace jobs`, scripts) say to each other under /api/v1:
 * types alone. Times are milliseconds since 1970, durations milliseconds unless the name says seconds, sizes bytes,
 * rates per second. null = not known, or none.
 */

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

export type Role = 'read' | 'operate' | 'admin'

/** What can be done with a job now; the console shows nothing else. */
export type JobAction =
  'edit' | 'submit' | 'start' | 'pause' | 'resume' | 'stop' | 'reset-position' | 'retry-authentication' | 'delete'

export interface Place {
  readonly cluster?: 'source' | 'target'
  readonly topic?: string
  readonly partition?: number
  readonly offset?: number
  readonly broker?: string
  readonly option?: string
  readonly file?: string
}

/** A sentence with its cause and next step. Codes are those of docs/errors.md. */
export interface Reason {
  readonly code: string
  readonly message: string
  readonly next: string | null
  readonly place?: Place
}

/** RFC 9457, as application/problem+json. */
export interface Problem {
  /** Where docs/errors.md explains the code. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly next: string | null
  readonly place?: Place
  /** Each thing that is wrong with a configuration or a request. */
  readonly problems?: readonly ConfigProblem[]
}

export interface ConfigProblem {
  /** line:column of the YAML, or a JSON pointer into the request; '' = the whole. */
  readonly where: string
  /** Such as `topics.include`. */
  readonly option: string
  readonly message: string
  readonly next?: string
}

export interface Page<T> {
  readonly items: readonly T[]
  /** What there is without `cursor` and `limit`; null = only reading all of it would tell. */
  readonly total: number | null
  /** For the next page; null = this was the last. */
  readonly nextCursor: string | null
}

// ── Service ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Health {
  readonly status: 'ok' | 'degraded'
  readonly version: string
  /** Such as a full disk: what the service can't do at the moment. */
  readonly reasons: readonly Reason[]
}

export interface Session {
  readonly principal: string
  readonly role: Role
  /** Sent back in `X-CSRF-Token` by every request with an effect that is authenticated by the cookie. */
  readonly csrfToken: string
}

export interface ServiceSettings {
  readonly version: string
  readonly startedAt: number
  readonly dataDirectory: string
  readonly listen: string
  readonly tls: boolean
  /** Clusters inside this process: what they can't do is disabled with this reason. */
  readonly demo: { readonly limits: string } | null
  readonly tokens: readonly { readonly name: string; readonly role: Role; readonly fingerprint: string }[]
}

/** Who did what: one line of the audit log. */
export interface AuditLogEntry {
  readonly id: number
  readonly at: number
  readonly who: string
  /** Such as `job.start`. */
  readonly action: string
  /** Such as `job orders-to-dr`. */
  readonly subject: string
  readonly detail: string
  readonly outcome: 'done' | 'refused'
}

// ── Connections ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A secret is written, never read: what comes back is its fingerprint. */
export type SecretInput =
  | { readonly set: string }
  /** `${file:…}` or `${env:…}`. */
  | { readonly reference: string }
  | { readonly keep: true }

export interface SecretView {
  /** The first 8 hexadecimal digits of a keyed hash: equal secrets of one service look alike, nothing else is said. */
  readonly fingerprint: string | null
  /** As given, when the secret is kept elsewhere. */
  readonly reference: string | null
  readonly changedAt: number | null
}

interface SecurityCommon {
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
  readonly mechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username?: string
  /** PEM files on the machine of the service. */
  readonly caFile?: string
  readonly certificateFile?: string
  readonly keyFile?: string
  readonly verifyHostname?: boolean
}

export interface ConnectionInput {
  readonly bootstrapServers: string
  readonly security?: SecurityCommon & { readonly password?: SecretInput; readonly keyPassword?: SecretInput }
  readonly properties?: Readonly<Record<string, string | number | boolean>>
  readonly note?: string
}

export interface Connection {
  readonly name: string
  readonly revision: number
  readonly bootstrapServers: string
  readonly security: SecurityCommon & { readonly password?: SecretView; readonly keyPassword?: SecretView }
  readonly properties: Readonly<Record<string, string | number | boolean>>
  readonly note: string
  readonly createdAt: number
  readonly changedAt: number
  readonly usedBy: readonly { readonly job: string; readonly side: 'source' | 'target'; readonly running: boolean }[]
  /** Jobs that run with an older revision: the change takes effect when they are restarted. */
  readonly restartNeeded: readonly string[]
  readonly lastTest: { readonly at: number; readonly ok: boolean } | null
  /** Of the client certificate, if there is one. */
  readonly certificateExpiresAt: number | null
}

export interface ConnectionStage {
  readonly stage: 'dns' | 'tcp' | 'protocol' | 'metadata' | 'group coordinator'
  readonly ok: boolean
  readonly detail: string
  readonly next: string | null
  readonly code: string | null
  readonly milliseconds: number
}

export interface ConnectionTest {
  readonly ok: boolean
  readonly stages: readonly ConnectionStage[]
}

export interface ClusterTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
  /** Between first and end offset: an upper bound, holes count too. */
  readonly records: number | null
  readonly bytes: number | null
  readonly internal: boolean
}

// ── Jobs ───────────────────────────────────────────────────────────────────────────────────────────────────────────

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

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonMap
export interface JsonMap {
  readonly [key: string]: JsonValue
}

export interface Validation {
  readonly ok: boolean
  readonly problems: readonly ConfigProblem[]
  /** What was written, as JSON in one spelling: what a form is filled with. null = it is no YAML map. */
  readonly given: JsonMap | null
}

export interface PlanFinding {
  readonly code: string
  readonly message: string
  readonly next: string
  readonly topic?: string
  readonly partition?: number
}

export interface MappingRow {
  readonly source: string
  readonly target: string
  readonly sourcePartitions: number
  readonly targetPartitionsNow: number
  readonly targetPartitions: number
  readonly action: 'none' | 'create' | 'grow'
  readonly orderKept: boolean
  /** Several sources go to this target. */
  readonly shared: boolean
  readonly records: number
  /** The name was edited (`topics.overrides`). */
  readonly overridden: boolean
}

export interface PlanView {
  readonly at: number
  readonly ok: boolean
  readonly progress: 'fresh' | 'resume' | 'reset'
  readonly policy: 'same' | 'zero' | 'sticky'
  readonly mapping: readonly MappingRow[]
  readonly excluded: readonly string[]
  readonly records: number
  readonly deadLetterTopic: string | null
  readonly memory: Readonly<Record<string, number>>
  readonly refusals: readonly PlanFinding[]
  readonly warnings: readonly PlanFinding[]
  readonly source: ClusterView
  readonly target: ClusterView
}

export interface CheckView {
  readonly ok: boolean
  readonly source: ConnectionTest
  readonly target: ConnectionTest
}

/** Where a start begins. Anything but `committed` for a group that has commits resets it and needs `confirm`. */
export interface StartRequest {
  readonly from?: 'configured' | 'committed' | 'earliest' | 'latest' | 'timestamp' | 'offsets'
  /** For `timestamp`. */
  readonly time?: number
  readonly offsets?: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The job's name: the group's commits may be reset. */
  readonly confirm?: string
}

export interface StartPreview {
  readonly progress: 'fresh' | 'resume' | 'reset'
  /** Commits of the group are overwritten: `confirm` is needed. */
  readonly resets: boolean
  readonly records: number
  /** Of these, already copied by the group: they come again. */
  readonly again: number
  /** In front of the start, so never copied; null = not known. */
  readonly skipped: number | null
  readonly sentence: string
  readonly refusals: readonly PlanFinding[]
  readonly warnings: readonly PlanFinding[]
}

export interface LiveChange {
  /** null = unlimited; absent = as it is. */
  readonly rate?: { readonly bytes?: number | null; readonly records?: number | null }
  readonly logLevel?: LogLevel
}

/** Without topic: the job; without partition: the topic. */
export interface PauseRequest {
  readonly topic?: string
  readonly partition?: number
}

export interface PartitionRow extends TopicPartition {
  readonly target: string
  readonly state: 'starting' | 'copying' | 'paused' | 'stopped' | 'done' | 'stuck'
  readonly from: number | null
  readonly to: number | null
  readonly end: number | null
  readonly lag: number | null
  readonly records: number
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
  readonly reason: Reason | null
}

export interface TopicRow {
  readonly topic: string
  readonly target: string
  readonly partitions: number
  readonly stopped: number
  readonly paused: number
  readonly lag: number | null
  readonly records: number
  readonly recordsPerSecond: number
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

/** Columns of equal length. `at` has the begin of each step; null where nothing was measured: a gap. */
export interface History {
  readonly stepSeconds: number
  readonly at: readonly number[]
  readonly series: Readonly<Record<HistorySeries, readonly (number | null)[]>>
  readonly markers: readonly {
    readonly at: number
    readonly kind: 'restart' | 'rebalance' | 'alarm' | 'state'
    readonly text: string
  }[]
}

export type HistorySeries =
  | 'recordsIn'
  | 'recordsOut'
  | 'bytesIn'
  | 'bytesOut'
  | 'lagRecords'
  | 'latencyP50'
  | 'latencyP99'
  | 'inFlightBytes'
  | 'memoryBytes'

export interface JobEventView {
  readonly id: number
  readonly at: number
  readonly level: LogLevel
  /** Such as `worker-crashed`. */
  readonly type: string
  readonly text: string
}

export interface LogLine {
  readonly id: number
  readonly at: number
  readonly level: LogLevel
  readonly message: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Records that were not copied as they were: one, or consecutive ones of which the same is to be said. */
export interface NotCopied {
  readonly at: number
  readonly topic: string
  readonly partition: number
  /** The first of them. */
  readonly offset: number
  readonly count: number
  /** Such as `dr.orders-3`. */
  readonly target: string
  /** The broker's name of the error, such as MSG_SIZE_TOO_LARGE, or TIMESTAMP_NOT_WRITABLE. */
  readonly code: string
  readonly reason: string
  /** `altered`: delivered, but stamped with the time of copying. */
  readonly policy: 'dead-letter' | 'skip' | 'altered'
  /** `topic-partition@offset`, or a file. */
  readonly deadLetter: string | null
}

// ── Alarms ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export type AlarmSubject =
  | 'state'
  | 'lagRecords'
  | 'lagSeconds'
  | 'latencyP99Ms'
  | 'recordsPerSecond'
  | 'bytesPerSecond'
  /** Share of the time in which the target limits, 0 to 1. */
  | 'backPressure'
  /** In the last five minutes. */
  | 'badRecords'
  | 'certificateDays'

export type Severity = 'warning' | 'critical'

export interface AlarmRuleInput {
  readonly title: string
  /** Names of jobs; empty = all. */
  readonly jobs: readonly string[]
  readonly subject: AlarmSubject
  readonly condition:
    | { readonly is: 'above' | 'below'; readonly value: number }
    | { readonly is: 'one of'; readonly states: readonly JobLifecycleState[] }
  /** How long it must hold. */
  readonly forSeconds: number
  readonly severity: Severity
  /** Names of channels. */
  readonly notify: readonly string[]
  readonly enabled: boolean
}

export interface AlarmRule extends AlarmRuleInput {
  readonly id: string
  readonly revision: number
  readonly firing: number
}

export interface Alarm {
  readonly id: number
  readonly rule: string
  readonly title: string
  readonly job: string
  readonly severity: Severity
  readonly state: 'pending' | 'firing' | 'resolved'
  readonly since: number
  readonly firedAt: number | null
  readonly resolvedAt: number | null
  readonly text: string
  readonly notifications: readonly Notification[]
}

export interface Notification {
  readonly at: number
  readonly channel: string
  readonly ok: boolean
  readonly attempts: number
  readonly detail: string
}

export type ChannelInput =
  | { readonly kind: 'webhook'; readonly url: string; readonly secret?: SecretInput }
  | {
      readonly kind: 'email'
      readonly host: string
      readonly port: number
      readonly tls: 'none' | 'starttls' | 'tls'
      readonly username?: string
      readonly password?: SecretInput
      readonly from: string
      readonly to: readonly string[]
    }

export type Channel = { readonly name: string; readonly revision: number } & (
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: SecretView | null }
  | {
      readonly kind: 'email'
      readonly host: string
      readonly port: number
      readonly tls: 'none' | 'starttls' | 'tls'
      readonly username: string | null
      readonly password: SecretView | null
      readonly from: string
      readonly to: readonly string[]
    }
)

// ── Live ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * What GET /stream sends, each with an id (`event:` is the type). `?jobs=1` sends `jobs`, every second in which something
 * changed; `?job=NAME` sends `job` and `event`, with `&partitions=1` also `partitions` (the rows that changed), with
 * `&log=LEVEL` also `log`. Alarms and trouble of the service come always. With Last-Event-ID the events, log lines and
 * alarms that were missed come first, or `reset` when they are no longer known: the page reads everything again.
 */
export type StreamMessage =
  | { readonly type: 'jobs'; readonly jobs: readonly JobListItem[] }
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'partitions'; readonly job: string; readonly partitions: readonly PartitionRow[] }
  | { readonly type: 'event'; readonly job: string; readonly event: JobEventView }
  | { readonly type: 'log'; readonly job: string; readonly lines: readonly LogLine[] }
  | { readonly type: 'alarm'; readonly alarm: Alarm }
  | { readonly type: 'health'; readonly health: Health }
  | { readonly type: 'reset' }
