import { createAdmin, probeConnection } from '../client/create-clients.ts'
import type { JobConfig } from '../config/job-config.ts'
import { checkConnection } from '../control/check-connection.ts'
import type { StageResult } from '../control/check-connection.ts'
import { makePlan } from '../control/make-plan.ts'
import type { Plan } from '../control/plan-types.ts'
import type { ExportSettings } from '../telemetry/export-settings.ts'
import { exportingProcesses } from './exporting-processes.ts'
import { clusterSettings, connectClusters } from './connect-clusters.ts'
import type { SecretResolver } from './connect-clusters.ts'
import { StateDir } from './state/state-dir.ts'

export interface PlanJobOptions {
  readonly reset: boolean
  readonly retryAuthentication: boolean
  readonly resolveSecrets: SecretResolver
  /** Where metrics and traces would be sent; undefined = nowhere. */
  readonly exports?: ExportSettings | undefined
  readonly signal?: AbortSignal
}

export type CheckJobOptions = Pick<PlanJobOptions, 'resolveSecrets' | 'signal'>

/** What a run would do now. Touches neither cluster nor the state directory. */
export async function planJob(config: JobConfig, options: PlanJobOptions): Promise<Plan> {
  const hasRun = await StateDir.hasRun(config.stateDir, config.source.groupId)
  const clusters = await connectClusters({ config, state: undefined, ...options })
  try {
    const { source, target } = clusters
    return await makePlan({
      job: config,
      source,
      target,
      reset: options.reset,
      hasRun,
      exporting: exportingProcesses(config, options.exports),
      now: Date.now()
    })
  } finally {
    await clusters.close()
  }
}

/** Goes through the stages of the connection to either side, one authentication attempt each. Touches nothing. */
export async function checkJob(config: JobConfig, options: CheckJobOptions): Promise<StageResult[]> {
  const { resolveSecrets, signal } = options
  const connect = signal === undefined ? {} : { signal }
  const results: StageResult[] = []
  for (const side of ['source', 'target'] as const) {
    const settings = clusterSettings(config, side, resolveSecrets)
    results.push(
      ...(await checkConnection({
        cluster: side,
        bootstrapServers: settings.bootstrapServers,
        ...(side === 'source' && { groupId: config.source.groupId }),
        probe: async () => await probeConnection(settings, connect),
        openAdmin: async () =>
          await createAdmin(side === 'source' ? { ...settings, groupId: config.source.groupId } : settings, connect)
      }))
    )
  }
  return results
}
