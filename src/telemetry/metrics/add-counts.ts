import { addHistograms, emptyHistogram, sinceHistogram } from './histogram.ts'
import { NO_SECONDS, SIDES, type LimitSeconds } from './limit-clock.ts'
import { HISTOGRAM_BOUNDS, type HistogramName, type WorkerCounts } from './worker-metrics.ts'

const HISTOGRAMS = Object.keys(HISTOGRAM_BOUNDS) as readonly HistogramName[]

export const NOTHING_COUNTED: WorkerCounts = {
  replicationLatency: emptyHistogram(HISTOGRAM_BOUNDS.replicationLatency),
  pipelineLatency: emptyHistogram(HISTOGRAM_BOUNDS.pipelineLatency),
  batchRecords: emptyHistogram(HISTOGRAM_BOUNDS.batchRecords),
  batchBytes: emptyHistogram(HISTOGRAM_BOUNDS.batchBytes),
  clockSkew: 0,
  undelivered: {},
  commits: { succeeded: 0, failed: 0 },
  limited: NO_SECONDS
}

/** What two processes counted, or one process and all before it. */
export function addCounts(a: WorkerCounts, b: WorkerCounts): WorkerCounts {
  return combine(a, b, 1, addHistograms)
}

/** What was counted between two readings. */
export function sinceCounts(newer: WorkerCounts, older: WorkerCounts): WorkerCounts {
  return combine(newer, older, -1, sinceHistogram)
}

function combine(a: WorkerCounts, b: WorkerCounts, sign: 1 | -1, histograms: typeof addHistograms): WorkerCounts {
  const undelivered = { ...a.undelivered }
  for (const [name, count] of Object.entries(b.undelivered)) {
    undelivered[name] = (undelivered[name] ?? 0) + sign * count
  }
  return {
    ...(Object.fromEntries(HISTOGRAMS.map((name) => [name, histograms(a[name], b[name])])) as Pick<
      WorkerCounts,
      HistogramName
    >),
    clockSkew: a.clockSkew + sign * b.clockSkew,
    undelivered,
    commits: {
      succeeded: a.commits.succeeded + sign * b.commits.succeeded,
      failed: a.commits.failed + sign * b.commits.failed
    },
    limited: Object.fromEntries(
      SIDES.map((side) => [side, a.limited[side] + sign * b.limited[side]])
    ) as unknown as LimitSeconds
  }
}
