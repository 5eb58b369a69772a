import type { JobConfig } from '../config/job-config.ts'
import { loadJobConfig } from '../config/load-job-config.ts'
import { resolveSecrets } from '../config/resolve-secrets.ts'
import type { SecretResolver } from '../job/connect-clusters.ts'
import type { CommandContext } from './command-context.ts'

export interface LoadedJob {
  readonly config: JobConfig
  readonly resolveSecrets: SecretResolver
}

/** A job's configuration from its file, `--set` flags and the environment. */
export function loadJob(file: string, sets: readonly string[], { env, cwd }: CommandContext): LoadedJob {
  const config = loadJobConfig({ file, sets, env, cwd })
  return { config, resolveSecrets: (side, cluster) => resolveSecrets(side, cluster, { env, cwd }) }
}
