import type { JobReading } from './job-reading.ts'
import type { HistogramReading } from '../start-telemetry.ts'
import { HISTOGRAM_BOUNDS, type HistogramName } from './worker-metrics.ts'

export interface HistogramInstrument {
  readonly name: string
  readonly of: HistogramName
  readonly doc: string
}

/** The histograms that are exposed. They are summed over processes, which no instrument of the API can be told. */
export const HISTOGRAMS: readonly HistogramInstrument[] = [
  {
    name: 'millrace.replication.latency.seconds',
    of: 'replicationLatency',
    doc: "From the timestamp of a batch's first record, which waited longest, to the delivery of the batch; one observation a batch."
  },
  {
    name: 'millrace.pipeline.latency.seconds',
    of: 'pipelineLatency',
    doc: 'From fetched to delivered; one observation a batch.'
  },
  { name: 'millrace.batch.records', of: 'batchRecords', doc: 'Records of the batches that were delivered.' },
  {
    name: 'millrace.batch.bytes',
    of: 'batchBytes',
    doc: 'Keys and values of the batches that were delivered, uncompressed.'
  }
]

export function histogramReadings({ job, counts }: JobReading): readonly HistogramReading[] {
  return HISTOGRAMS.map(({ name, of, doc }) => ({
    name,
    description: doc,
    unit: '',
    bounds: HISTOGRAM_BOUNDS[of],
    series: [{ attributes: { millrace_job: job }, ...counts[of] }]
  }))
}
