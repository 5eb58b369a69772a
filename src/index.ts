/*
 * The public names. What is not listed here may change without notice.
 */

// A job from its configuration to its summary.
export { loadJobConfig } from './config/load-job-config.ts'
export type { ConfigSources } from './config/load-job-config.ts'
export { showConfig } from './config/show-config.ts'
export { jsonSchema } from './config/json-schema.ts'
export { resolveSecrets } from './config/resolve-secrets.ts'
export type { SecretSources } from './config/resolve-secrets.ts'
export { ConfigErrors } from './config/config-errors.ts'
export type { ConfigProblem } from './config/config-errors.ts'
export type { ClusterConfig, JobConfig, SecurityConfig, StartConfig, StopConfig } from './config/job-config.ts'
export { Job } from './job/job.ts'
export { checkJob, planJob } from './job/plan-and-check.ts'
export type { CheckJobOptions, PlanJobOptions } from './job/plan-and-check.ts'
export { verifyJob } from './job/verify-job.ts'
export type { VerifyJobOptions } from './job/verify-job.ts'
export type {
  AlteredPart,
  NamedDifference,
  TopicVerification,
  Verification,
  VerifyMode,
  VerifyProgress
} from './verify/verify-types.ts'
export type { JobState } from './model/job-state.ts'
export type { JobEvent } from './telemetry/events.ts'
export type { JobTotals, PartitionProgress } from './job/job-progress.ts'
export type { JobOptions, JobResult, JobSnapshot, JobSummary } from './job/job-types.ts'
export type { StageResult } from './control/check-connection.ts'
export type { Finding, MemoryDivision, PartitionPlan, Plan, TopicPlan } from './control/plan-types.ts'

// What went wrong.
export { MillraceError, describeError } from './model/millrace-error.ts'
export type { ErrorKind, ErrorPlace } from './model/millrace-error.ts'

// The pipeline's parts, to build another one of.
export { Batch } from './model/batch.ts'
export type { BatchOrigin, BatchPayload, BatchTimes, RecordHeader, RecordView } from './model/batch.ts'
export type { DeliveryFailure, OffsetRun, Settlement } from './model/settlement.ts'
export type { PartitionOffset, TopicPartition } from './model/topic-partition.ts'
export type { PartitionPolicy } from './model/policies.ts'
export { seekRange } from './operators/seek-range.ts'
export { renameTopic } from './operators/rename-topic.ts'
export { routePartition } from './operators/route-partition.ts'
export { traceBatch } from './operators/trace-batch.ts'
export { Mirror } from './pipeline/mirror.ts'
export type { MayRepeat } from './model/may-repeat.ts'
export type { StopReason } from './model/stop-reason.ts'
export type { PartitionState, PartitionStatus, PreparedPartition } from './pipeline/types.ts'
export type { MirrorEvent } from './telemetry/events.ts'
export { createAdmin, createConsumer, createProducer } from './client/create-clients.ts'
export type { ClusterSettings, ConsumerSettings, ProducerSettings, SecuritySettings } from './client/settings.ts'
export type { BatchConsumer, BatchProducer, ClusterAdmin } from './client/types.ts'
