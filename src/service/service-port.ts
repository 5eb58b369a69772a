import type {
  Alarm,
  AlarmRule,
  AlarmRuleInput,
  AuditLogEntry,
  Channel,
  ChannelInput,
  CheckView,
  ClusterTopic,
  Connection,
  ConnectionInput,
  ConnectionTest,
  Health,
  History,
  Job,
  JobEventView,
  JobInput,
  JobLifecycleState,
  JobListItem,
  LiveChange,
  LogLevel,
  LogLine,
  NotCopied,
  Notification,
  Page,
  PartitionRow,
  PauseRequest,
  PlanView,
  Revision,
  RevisionView,
  StartPreview,
  StartRequest,
  StreamMessage,
  TopicRow,
  Validation
} from '../api/contract.ts'

/** On whose behalf something is done; it is written into the audit log. */
export interface Actor {
  readonly who: string
}

export interface PageRequest {
  readonly cursor?: string
  /** 1 to 1000. */
  readonly limit?: number
}

/**
 * Which state of an object a change is meant for. `ifRevision` undefined = whatever it is; `ifNew` = it must not exist.
 * Otherwise the change is refused with MR_SERVICE_CONFLICT.
 */
export interface Precondition {
  readonly ifRevision?: number
  readonly ifNew?: boolean
}

export interface StreamRequest {
  readonly jobs: boolean
  readonly job?: string
  readonly partitions: boolean
  readonly log?: LogLevel
  readonly lastEventId?: string
}

export interface Streamed {
  readonly id: string
  readonly message: StreamMessage
}

/**
 * Everything that the job service does, whoever asks: HTTP, tests. Failures are MillraceErrors: MR_SERVICE_NOT_FOUND,
 * MR_SERVICE_CONFLICT (a precondition, or the job's state does not allow it), MR_SERVICE_REQUEST (what was sent is
 * wrong), MR_SERVICE_STORAGE (the disk; nothing was changed), ConfigErrors for configurations, or what the clusters said.
 * A change that has returned survives kill -9.
 */
export interface ServicePort {
  readonly connections: ConnectionsPort
  readonly jobs: JobsPort
  readonly alarms: AlarmsPort
  health(): Health
  audit(request: PageRequest & { readonly subject?: string }): Promise<Page<AuditLogEntry>>
  /** Until the signal aborts. A consumer that does not keep up gets `reset`; memory does not grow. */
  stream(request: StreamRequest, signal: AbortSignal): AsyncIterable<Streamed>
}

export interface ConnectionsPort {
  list(): Promise<readonly Connection[]>
  get(name: string): Promise<Connection>
  put(name: string, input: ConnectionInput, on: Precondition, actor: Actor): Promise<Connection>
  /** Refused while a job uses it. */
  delete(name: string, on: Precondition, actor: Actor): Promise<void>
  /** Of a stored one, or of one that is not stored yet (`keep` secrets are those of `name`). One authentication attempt. */
  test(what: { readonly name?: string; readonly input?: ConnectionInput }, actor: Actor): Promise<ConnectionTest>
  topics(
    name: string,
    request: PageRequest & { readonly search?: string; readonly internal?: boolean }
  ): Promise<Page<ClusterTopic>>
}

export interface JobsPort {
  list(
    request: PageRequest & { readonly search?: string; readonly states?: readonly JobLifecycleState[] }
  ): Promise<Page<JobListItem>>
  get(name: string): Promise<Job>
  /** Keeps a new revision if the configuration differs. Drafts may be incomplete; a syntax error is refused. */
  put(name: string, input: JobInput, on: Precondition, actor: Actor): Promise<Job>
  /** Only of a job that does not run. Its directory, state included, goes. */
  delete(name: string, on: Precondition, actor: Actor): Promise<void>
  validate(input: JobInput): Promise<Validation>
  /** The plan of a configuration that need not be stored. Touches nothing. */
  preview(input: JobInput): Promise<PlanView>
  plan(name: string): Promise<PlanView>
  check(name: string): Promise<CheckView>
  /** The plan that was approved by `submit`. */
  approved(name: string): Promise<PlanView>
  /** Validates, checks, plans; the plan's mapping is frozen. Refused with the findings if the plan has refusals. */
  submit(name: string, actor: Actor): Promise<Job>
  previewStart(name: string, request: StartRequest): Promise<StartPreview>
  start(name: string, request: StartRequest, actor: Actor): Promise<Job>
  pause(name: string, request: PauseRequest, actor: Actor): Promise<Job>
  resume(name: string, request: PauseRequest, actor: Actor): Promise<Job>
  /** Drains; returns when the job is STOPPING. `now` = without draining. */
  stop(name: string, request: { readonly now?: boolean }, actor: Actor): Promise<Job>
  /** Of a job that does not run: the group's commits are replaced when it starts the next time. Needs `confirm`. */
  resetPosition(name: string, request: StartRequest, actor: Actor): Promise<Job>
  /** One more attempt with the credentials that were refused. */
  retryAuthentication(name: string, actor: Actor): Promise<Job>
  changeLive(name: string, change: LiveChange, actor: Actor): Promise<Job>
  topics(name: string, request: PageRequest): Promise<Page<TopicRow>>
  partitions(
    name: string,
    request: PageRequest & { readonly search?: string; readonly sort?: string; readonly states?: readonly string[] }
  ): Promise<Page<PartitionRow>>
  revisions(name: string): Promise<readonly Revision[]>
  revision(name: string, revision: number, against?: number): Promise<RevisionView>
  history(name: string, request: { readonly from?: number; readonly to?: number }): Promise<History>
  events(name: string, request: PageRequest): Promise<Page<JobEventView>>
  /** The newest last. `before` and `after` are ids. */
  logs(
    name: string,
    request: {
      readonly search?: string
      readonly level?: LogLevel
      readonly before?: number
      readonly after?: number
      readonly limit?: number
    }
  ): Promise<readonly LogLine[]>
  notCopied(name: string, request: PageRequest): Promise<Page<NotCopied>>
}

export interface AlarmsPort {
  rules(): Promise<readonly AlarmRule[]>
  presets(): readonly AlarmRuleInput[]
  putRule(id: string, input: AlarmRuleInput, on: Precondition, actor: Actor): Promise<AlarmRule>
  deleteRule(id: string, on: Precondition, actor: Actor): Promise<void>
  /** Sends a test notification to each channel of the rule. */
  testRule(id: string, actor: Actor): Promise<readonly Notification[]>
  channels(): Promise<readonly Channel[]>
  putChannel(name: string, input: ChannelInput, on: Precondition, actor: Actor): Promise<Channel>
  deleteChannel(name: string, on: Precondition, actor: Actor): Promise<void>
  testChannel(name: string, actor: Actor): Promise<Notification>
  /** Those that fire or are pending. */
  active(): Promise<readonly Alarm[]>
  history(request: PageRequest): Promise<Page<Alarm>>
  /** The enabled rules as a Prometheus rules file (YAML), for the metrics that a job exposes. */
  prometheusRules(): Promise<string>
}
