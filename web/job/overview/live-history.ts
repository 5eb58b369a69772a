import type { History, HistorySeries, JobFigures } from '../../../src/api/contract.ts'

const VALUE: Readonly<Record<HistorySeries, (figures: JobFigures) => number | null>> = {
  recordsIn: ({ rates }) => rates.recordsIn,
  recordsOut: ({ rates }) => rates.recordsOut,
  bytesIn: ({ rates }) => rates.bytesIn,
  bytesOut: ({ rates }) => rates.bytesOut,
  lagRecords: ({ lagRecords }) => lagRecords,
  latencyP50: ({ replicationLatencyMs }) => replicationLatencyMs?.p50 ?? null,
  latencyP99: ({ replicationLatencyMs }) => replicationLatencyMs?.p99 ?? null,
  inFlightBytes: ({ inFlightBytes }) => inFlightBytes,
  memoryBytes: ({ memoryBytes }) => memoryBytes
}

const SERIES = Object.keys(VALUE) as HistorySeries[]

/**
 * History that goes on with live figures, in its own steps: the newest figures of a step count. Steps that are missing in
 * between stay a gap. What is older than `from` goes.
 */
export function addLive(history: History, at: number, figures: JobFigures, from: number): History {
  const stepMs = history.stepSeconds * 1000
  const begin = Math.floor(at / stepMs) * stepMs
  const last = history.at.at(-1) ?? Number.NEGATIVE_INFINITY
  if (begin < last) return history
  const isSame = begin === last
  const isAfterGap = !isSame && Number.isFinite(last) && begin - last > 2 * stepMs
  const keep = Math.max(0, firstFrom(history.at, from))
  const add = <T>(values: readonly T[], gap: T, value: T): readonly T[] => [
    ...values.slice(keep, isSame ? -1 : undefined),
    ...(isAfterGap ? [gap] : []),
    value
  ]
  const series = {} as Record<HistorySeries, readonly (number | null)[]>
  for (const name of SERIES) series[name] = add(history.series[name], null, VALUE[name](figures))
  return { ...history, at: add(history.at, last + stepMs, begin), series }
}

function firstFrom(at: readonly number[], from: number): number {
  const index = at.findIndex((begin) => begin >= from)
  // The last one stays, or it could not be told where a gap begins.
  return index < 0 ? at.length - 1 : index
}
