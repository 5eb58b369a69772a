import type { ClusterAdmin } from '../client/types.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'
import type { JobMetrics } from '../telemetry/metrics/job-metrics.ts'
import { LagTrend } from '../telemetry/metrics/lag-trend.ts'
import type { JobProgress } from './job-progress.ts'
import { lagOf } from './lag-of.ts'

export interface LagWatchOptions {
  readonly source: Pick<ClusterAdmin, 'listOffsets'>
  /** All that the job copies, as of now. */
  readonly partitions: () => readonly TopicPartition[]
  readonly progress: JobProgress
  readonly metrics: Pick<JobMetrics, 'lagged'>
}

/** How far the copy is behind. It is only shown: what keeps a partition from going on is told by its worker. */
export class LagWatch {
  readonly trend = new LagTrend()
  readonly #options: LagWatchOptions

  constructor(options: LagWatchOptions) {
    this.#options = options
  }

  /** Rejects when the source does not answer. */
  async look(): Promise<void> {
    const { source, partitions, progress } = this.#options
    const there = partitions().filter((partition) => progress.stateOf(partition) !== 'deleted')
    progress.recordEnds(await source.listOffsets(there, 'latest'))
    this.#note()
  }

  #note(): void {
    const { progress, metrics } = this.#options
    const lags = new Map<string, number>()
    let copying = 0
    for (const partition of progress.partitions()) {
      const lag = lagOf(partition)
      if (lag === undefined) continue
      lags.set(partitionName(partition), lag)
      if (partition.state === 'copying') copying += lag
    }
    this.trend.add(performance.now(), lags)
    metrics.lagged(copying)
  }
}
