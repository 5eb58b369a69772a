import { NOTHING_COUNTED } from '../../src/telemetry/metrics/add-counts.ts'
import { Histogram } from '../../src/telemetry/metrics/histogram.ts'
import { HISTOGRAM_BOUNDS, type WorkerMetrics } from '../../src/telemetry/metrics/worker-metrics.ts'

export function workerMetricsOf(changes: Partial<WorkerMetrics> = {}): WorkerMetrics {
  return { ...NOTHING_COUNTED, checkpointAge: 0, brokers: [], ...changes }
}

/** Histograms of so many batches, each of `records` records that took `seconds`. */
export function batchesOf(count: number, seconds = 0.02, records = 100) {
  const histogram = (name: keyof typeof HISTOGRAM_BOUNDS, value: number) => {
    const of = new Histogram(HISTOGRAM_BOUNDS[name])
    for (let index = 0; index < count; index++) of.observe(value)
    return of.read()
  }
  return {
    replicationLatency: histogram('replicationLatency', seconds),
    pipelineLatency: histogram('pipelineLatency', seconds / 2),
    batchRecords: histogram('batchRecords', records),
    batchBytes: histogram('batchBytes', records * 100)
  }
}
