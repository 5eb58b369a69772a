import type { JobConfig } from '../../config/job-config.ts'
import { fetchMaxBytes } from '../../control/divide-memory.ts'
import { onLossOf } from '../../control/plan-partitions.ts'
import type { Plan } from '../../control/plan-types.ts'
import type { LossPolicy } from '../../model/loss.ts'
import type { ExportSettings } from '../../telemetry/export-settings.ts'
import type { Clusters } from '../connect-clusters.ts'
import type { StateDir } from '../state/state-dir.ts'
import { traceSettings } from '../trace-settings.ts'
import type { WorkerSettings } from './worker-messages.ts'

export interface WorkerSettingsSource {
  readonly config: JobConfig
  readonly plan: Plan
  readonly clusters: Clusters
  readonly state: StateDir
  readonly exports: ExportSettings | undefined
  /** See `JobOptions`. */
  readonly leavesGroup: boolean
  /** Somebody reads metrics. */
  readonly exposeMetrics: boolean
}

/** What each worker of a job is told at its start; its topics come with the start itself. */
export function workerSettings(source: WorkerSettingsSource): WorkerSettings[] {
  const { config, plan, clusters, state, exports, exposeMetrics, leavesGroup } = source
  const { memory } = plan
  const tracesOf = (index: number) => {
    const traces = traceSettings(config, exports, { instance: state.instance, index })
    return traces === undefined ? {} : { traces }
  }
  return Array.from({ length: memory.workers }, (_, index) => ({
    job: config.name,
    index,
    source: { ...clusters.settings.source, clientId: `millrace-${config.name}-${index}` },
    target: { ...clusters.settings.target, clientId: `millrace-${config.name}-${index}` },
    groupId: config.source.groupId,
    stateDir: config.stateDir,
    ...(!leavesGroup && { groupInstanceId: `millrace-${config.name}-${state.instance}-${index}` }),
    topics: [],
    policy: config.partitions,
    gapless: gaplessTopics(config),
    memory: {
      consumerQueueBytes: memory.consumerQueue,
      fetchMaxBytes: fetchMaxBytes(memory, plan.source.brokers),
      inFlightBytes: memory.inFlight
    },
    badRecords: badRecordRules(config),
    producerBatchBytes: plan.producerBatchBytes,
    discoveryIntervalMs: config.topics.discoveryIntervalMs,
    commitIntervalMs: config.checkpoint.intervalMs,
    drainTimeoutMs: config.checkpoint.drainTimeoutMs,
    ...tracesOf(index),
    exposeMetrics
  }))
}

function badRecordRules({ onBadRecord, deadLetter, topics }: JobConfig): WorkerSettings['badRecords'] {
  const entries = Object.entries(topics.settings).map(([topic, settings]) => [
    topic,
    settings.onBadRecord ?? onBadRecord
  ])
  return { policy: onBadRecord, byTopic: Object.fromEntries(entries), deadLetter }
}

/** A hole between two offsets is a loss where nothing of Kafka's own leaves one. */
function gaplessTopics(config: JobConfig): Record<string, LossPolicy> {
  const gapless = Object.entries(config.topics.settings).filter(([, { transactional }]) => transactional === false)
  return Object.fromEntries(gapless.map(([topic]) => [topic, onLossOf(config, topic)]))
}
