import type { JobConfig } from '../config/job-config.ts'
import type { StageResult } from '../control/check-connection.ts'
import type { Plan } from '../control/plan-types.ts'
import type { BenchOptions, BenchResult } from '../job/bench/bench-types.ts'
import type { JobOptions, JobResult, JobSnapshot } from '../job/job-types.ts'
import type { CheckJobOptions, PlanJobOptions } from '../job/plan-and-check.ts'
import type { VerifyJobOptions } from '../job/verify-job.ts'
import type { Verification } from '../verify/verify-types.ts'

/** A job as the command line sees it: everything it does with one. */
export interface RunnableJob {
  run(): Promise<JobResult>
  /** Drains, commits and ends. */
  stop(): void
  /** Ends at once. */
  kill(): void
  snapshot(): JobSnapshot
}

/** A benchmark as the command line sees it. */
export interface RunnableBench {
  run(): Promise<BenchResult>
  /** Lets what is in flight arrive, then cleans up. */
  stop(): void
  /** Ends at once, and cleans up if that goes quickly. */
  kill(): void
}

/** What the commands ask of the job layer; tests give another one. */
export interface JobApi {
  createJob(config: JobConfig, options: JobOptions): RunnableJob
  planJob(config: JobConfig, options: PlanJobOptions): Promise<Plan>
  checkJob(config: JobConfig, options: CheckJobOptions): Promise<readonly StageResult[]>
  verifyJob(config: JobConfig, options: VerifyJobOptions): Promise<Verification>
  createBench(options: BenchOptions): RunnableBench
}

/** The real one, loaded only when a command needs it. */
export async function loadJobApi(): Promise<JobApi> {
  const [{ Job }, { checkJob, planJob }, { verifyJob }, { createBench }] = await Promise.all([
    import('../job/job.ts'),
    import('../job/plan-and-check.ts'),
    import('../job/verify-job.ts'),
    import('../job/bench/create-bench.ts')
  ])
  return { createJob: (config, options) => new Job(config, options), planJob, checkJob, verifyJob, createBench }
}
