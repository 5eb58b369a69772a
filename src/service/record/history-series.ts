import type { HistorySeries, JobFigures } from '../../api/contract.ts'

/** In the order of the history files, where they have no names: append only. */
export const HISTORY_SERIES = [
  'recordsIn',
  'recordsOut',
  'bytesIn',
  'bytesOut',
  'lagRecords',
  'latencyP50',
  'latencyP99',
  'inFlightBytes',
  'memoryBytes'
] as const satisfies readonly HistorySeries[]

/** A value for each of `HISTORY_SERIES`; null = not measured. */
export type StepValues = readonly (number | null)[]

/** Of these the mean of a step is shown; of the others the most, because a short peak is what somebody looks for. */
const MEANS: ReadonlySet<HistorySeries> = new Set(['recordsIn', 'recordsOut', 'bytesIn', 'bytesOut', 'latencyP50'])

export function valuesOf(figures: JobFigures): StepValues {
  const { rates, lagRecords, replicationLatencyMs: latency, inFlightBytes, memoryBytes } = figures
  return [
    rates.recordsIn,
    rates.recordsOut,
    rates.bytesIn,
    rates.bytesOut,
    lagRecords,
    latency?.p50 ?? null,
    latency?.p99 ?? null,
    inFlightBytes,
    memoryBytes
  ]
}

/** One step of several; undefined = nothing was measured in any. */
export function mergeSteps(steps: readonly (StepValues | undefined)[]): StepValues | undefined {
  const there = steps.filter((step) => step !== undefined)
  if (there.length <= 1) return there[0]
  return HISTORY_SERIES.map((series, n) => {
    let [count, sum, most] = [0, 0, -Infinity]
    for (const step of there) {
      const value = step[n]
      if (value === null || value === undefined) continue
      count++
      sum += value
      most = Math.max(most, value)
    }
    if (count === 0) return null
    return MEANS.has(series) ? sum / count : most
  })
}
