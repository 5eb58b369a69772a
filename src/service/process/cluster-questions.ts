import type { ClusterTopic } from '../../api/contract.ts'
import type { ClusterConfig, JobConfig } from '../../config/job-config.ts'
import type { StageResult } from '../../control/check-connection.ts'
import type { Plan } from '../../control/plan-types.ts'

/** Secrets that are no references and in no file yet: of a connection that is tested before it is stored. */
export interface LiteralSecrets {
  readonly password?: string
  readonly keyPassword?: string
}

/** What is asked of clusters, by a process of its own. Rejects with what the clusters said, or MR_SERVICE_CLUSTERS. */
export interface ClusterQuestions {
  /** The stages of the connection, one authentication attempt. */
  test(cluster: ClusterConfig, literal: LiteralSecrets): Promise<readonly StageResult[]>
  topics(cluster: ClusterConfig): Promise<readonly ClusterTopic[]>
  check(config: JobConfig): Promise<readonly StageResult[]>
  plan(config: JobConfig, options: { readonly reset: boolean }): Promise<Plan>
}
