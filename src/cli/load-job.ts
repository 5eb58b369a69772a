import type { JobConfig } from '../config/job-config.ts'
import { loadJobConfig } from '../config/load-job-config.ts'
import { resolveHeaders, resolveSecrets } from '../config/resolve-secrets.ts'
import type { SecretResolver } from '../job/connect-clusters.ts'
import { type ExportSettings, exportSettings } from '../telemetry/export-settings.ts'
import type { CommandContext } from './command-context.ts'

export interface LoadedJob {
  readonly config: JobConfig
  readonly resolveSecrets: SecretResolver
  /** Where metrics and traces are sent, headers resolved: for a command that runs the job. */
  readonly resolveExports: () => ExportSettings
}

/** A job's configuration from its file, `--set` flags and the environment. */
export function loadJob(file: string, sets: readonly string[], { env, cwd }: CommandContext): LoadedJob {
  const config = loadJobConfig({ file, sets, env, cwd })
  return {
    config,
    resolveSecrets: (side, cluster) => resolveSecrets(side, cluster, { env, cwd }),
    resolveExports: () => {
      const headers = resolveHeaders(config.otlp.headers, { env, cwd })
      return exportSettings({ ...config, otlp: { ...config.otlp, headers } }, env)
    }
  }
}
