import type { JobConfig } from '../config/job-config.ts'
import type { StageResult } from '../control/check-connection.ts'
import type { Plan } from '../control/plan-types.ts'
import type { JobOptions, JobResult, JobSnapshot } from '../job/job-types.ts'
import type { CheckJobOptions, PlanJobOptions } from '../job/plan-and-check.ts'

/** A job as the command line sees it: everything it does with one. */
export interface RunnableJob {
  run(): Promise<JobResult>
  /** Drains, commits and ends. */
  stop(): void
  /** Ends at once. */
  kill(): void
  snapshot(): JobSnapshot
}

/** What the commands ask of the job layer; tests give another one. */
export interface JobApi {
  createJob(config: JobConfig, options: JobOptions): RunnableJob
  planJob(config: JobConfig, options: PlanJobOptions): Promise<Plan>
  checkJob(config: JobConfig, options: CheckJobOptions): Promise<readonly StageResult[]>
}

/** The real one, loaded only when a command needs it. */
export async function loadJobApi(): Promise<JobApi> {
  const [{ Job }, { checkJob, planJob }] = await Promise.all([
    import('../job/job.ts'),
    import('../job/plan-and-check.ts')
  ])
  return { createJob: (config, options) => new Job(config, options), planJob, checkJob }
}
