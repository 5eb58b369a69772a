import { NO_SECONDS } from '../telemetry/metrics/limit-clock.ts'
import type { JobMetrics } from '../telemetry/metrics/job-metrics.ts'
import type { JobSnapshot } from './job-types.ts'

/** What a snapshot says of speed and latency. */
export function measured(
  metrics: JobMetrics | undefined
): Pick<JobSnapshot, 'limits' | 'replicationLatency' | 'pipelineLatency'> {
  return {
    limits: { recent: metrics?.recentLimits() ?? NO_SECONDS, all: metrics?.totals().limited ?? NO_SECONDS },
    replicationLatency: {
      recent: metrics?.recentLatency('replicationLatency'),
      all: metrics?.latency('replicationLatency')
    },
    pipelineLatency: { recent: metrics?.recentLatency('pipelineLatency'), all: metrics?.latency('pipelineLatency') }
  }
}
