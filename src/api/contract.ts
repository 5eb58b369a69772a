/*
 * What the job service and whoever talks to it (console, `millrace jobs`, scripts) say to each other under /api/v1:
 * types alone. Times are milliseconds since 1970, durations milliseconds unless the name says seconds, sizes bytes,
 * rates per second. null = not known, or none.
 */

export type { Role, Health, Session, ServiceSettings, AuditLogEntry } from './contract/service.ts'
export type { Place, Reason, Problem, ConfigProblem } from './contract/problem.ts'
export type { Page } from './contract/page.ts'
export type {
  SecretInput,
  SecretView,
  ConnectionInput,
  Connection,
  ConnectionStage,
  ConnectionTest,
  ClusterTopic
} from './contract/connections.ts'
export type {
  JobLifecycleState,
  JobAction,
  Rates,
  LimitingSide,
  LimitShares,
  JobFigures,
  JobListItem,
  Job,
  ClusterView,
  TopicPartition,
  LogLevel,
  JobInput,
  Revision,
  RevisionView
} from './contract/jobs.ts'
export type {
  JsonValue,
  JsonMap,
  Validation,
  PlanFinding,
  MappingRow,
  PlanView,
  CheckView,
  StartRequest,
  StartPreview,
  LiveChange,
  PauseRequest
} from './contract/running.ts'
export type {
  PartitionRow,
  TopicRow,
  History,
  HistorySeries,
  JobEventView,
  LogLine,
  NotCopied
} from './contract/monitoring.ts'
export type {
  AlarmSubject,
  Severity,
  AlarmRuleInput,
  AlarmRule,
  Alarm,
  Notification,
  ChannelInput,
  Channel
} from './contract/alarms.ts'
export type { StreamMessage } from './contract/stream.ts'
