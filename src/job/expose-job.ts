import type { JobConfig } from '../config/job-config.ts'
import type { JobEvent } from '../telemetry/events.ts'
import type { ExportSettings } from '../telemetry/export-settings.ts'
import { histogramReadings } from '../telemetry/metrics/histogram-readings.ts'
import { HttpEndpoint, type HttpAnswers } from '../telemetry/metrics/http-endpoint.ts'
import type { JobReading } from '../telemetry/metrics/job-reading.ts'
import { packageVersion } from '../telemetry/package-version.ts'
import { registerInstruments } from '../telemetry/metrics/register-instruments.ts'
import { SeriesBudget } from '../telemetry/metrics/series-budget.ts'

export interface ExposeOptions {
  readonly config: Pick<JobConfig, 'name' | 'http' | 'metrics'>
  readonly exports: ExportSettings | undefined
  /** Names this supervisor among others of the same job. */
  readonly instance: string
  /** The job at this moment. */
  readonly read: () => JobReading
  readonly health: HttpAnswers['health']
  readonly readiness: HttpAnswers['readiness']
  readonly onEvent: (event: JobEvent) => void
}

export interface Exposure {
  close(): Promise<void>
}

/** What was counted last goes to a collector within this time, or not at all. */
const SHUTDOWN_MS = 5000

/**
 * Lets a job be watched from outside, as far as its configuration and the environment ask for it: an HTTP address, and
 * metrics to a collector. Without either nothing is loaded and nothing listens. Rejects with MR_LISTEN_FAILED.
 */
export async function exposeJob(options: ExposeOptions): Promise<Exposure> {
  const { config, exports, onEvent } = options
  const { listen } = config.http
  for (const text of exports?.warnings ?? []) onEvent({ type: 'export-problem', text })
  const endpoint = listen === undefined ? undefined : await HttpEndpoint.open(listen)
  try {
    const prometheus = endpoint !== undefined && exports?.disabled !== true
    const telemetry =
      prometheus || exports?.metrics !== undefined ? await exportMetrics(options, prometheus) : undefined
    if (endpoint !== undefined) {
      const { health, readiness } = options
      endpoint.answers = { writeMetrics: telemetry?.writeMetrics, health, readiness }
      onEvent({ type: 'listening', url: endpoint.url })
    }
    return {
      close: async () => {
        await telemetry?.shutdown(SHUTDOWN_MS)
        await endpoint?.close()
      }
    }
  } catch (error) {
    await endpoint?.close()
    throw error
  }
}

async function exportMetrics({ config, exports, instance, read, onEvent }: ExposeOptions, prometheus: boolean) {
  const { startTelemetry } = await import('../telemetry/start-telemetry.ts')
  const { intervalMs, maxPartitions } = config.metrics
  const telemetry = await startTelemetry({
    service: { name: 'millrace', version: packageVersion(), instanceId: `${config.name}-${instance}` },
    metrics: { otlp: exports?.metrics, intervalMs, prometheus, histograms: () => histogramReadings(read()) },
    onProblem: (text) => onEvent({ type: 'export-problem', text: `Metrics or traces can't be sent: ${text}` })
  })
  registerInstruments(telemetry.meter, new SeriesBudget(maxPartitions), read)
  return telemetry
}
