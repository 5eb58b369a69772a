import type { PacedCopy } from './paced-copy.ts'
import { medianOf, type PacedMeasurement } from './paced-runs.ts'
import type { Column } from './suite-results.ts'

const FIGURES = ['p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'CPU s/s', 'peak MB', 'writer late ms', 'runs']

export function pacedColumns(caseTitle: string): readonly Column[] {
  return [{ title: caseTitle }, { title: 'mirror' }, ...FIGURES.map((title) => ({ title, figure: true }))]
}

/** Medians of the runs of one mirror on one case. */
export function pacedRow(measurement: PacedMeasurement): readonly string[] {
  const figure = (of: (copy: PacedCopy) => number, digits: number): string =>
    medianOf(measurement, of)?.toFixed(digits) ?? 'failed'
  return [
    measurement.case.name,
    measurement.peer,
    figure(({ latencyMs }) => latencyMs.p50, 1),
    figure(({ latencyMs }) => latencyMs.p99, 1),
    figure(({ latencyMs }) => latencyMs.p999, 1),
    figure(({ latencyMs }) => latencyMs.max, 1),
    figure(({ cpuSecondsPerSecond }) => cpuSecondsPerSecond, 3),
    figure(({ peakRssBytes }) => peakRssBytes / 1e6, 0),
    figure(({ writerLateMs }) => writerLateMs, 1),
    String(measurement.runs.length)
  ]
}
