import { median } from './median.ts'
import type { Measurement, Results } from './results.ts'
import type { Figures } from './steady-state.ts'

/** The median of each figure by itself. */
export function medianFigures(runs: readonly Figures[]): Figures {
  const of = (figure: (run: Figures) => number): number => median(runs.map(figure))
  return {
    recordsPerSecond: of((run) => run.recordsPerSecond),
    cpuMicrosPerRecord: of((run) => run.cpuMicrosPerRecord),
    brokerCpuMicrosPerRecord: of((run) => run.brokerCpuMicrosPerRecord),
    peakRssBytes: of((run) => run.peakRssBytes),
    startSeconds: of((run) => run.startSeconds),
    startCpuSeconds: of((run) => run.startCpuSeconds),
    seconds: of((run) => run.seconds),
    cpuSeconds: of((run) => run.cpuSeconds)
  }
}

/** The table of a run: a row for each shape and peer. */
export function summaryRows(results: Results): readonly (readonly string[])[] {
  const header = [
    'shape',
    'mirror',
    'records/s',
    'CPU µs/record',
    'whole run',
    'peak MB',
    'brokers µs/record',
    'start s (CPU s)',
    'runs'
  ]
  return [header, ...results.measurements.map((measurement) => row(results, measurement))]
}

function row(results: Results, { shape, peer, runs, failure }: Measurement): readonly string[] {
  if (runs.length === 0) return [shape, peer, failure === undefined ? '–' : 'failed', '', '', '', '', '', '0']
  const figures = medianFigures(runs)
  return [
    shape,
    peer,
    Math.round(figures.recordsPerSecond).toLocaleString('en'),
    figures.cpuMicrosPerRecord.toFixed(2),
    ((figures.cpuSeconds / recordsOf(results, shape)) * 1e6).toFixed(2),
    Math.round(figures.peakRssBytes / 1e6).toString(),
    figures.brokerCpuMicrosPerRecord.toFixed(2),
    `${figures.startSeconds.toFixed(1)} (${figures.startCpuSeconds.toFixed(2)})`,
    `${runs.length}${failure === undefined ? '' : ', then failed'}`
  ]
}

function recordsOf({ shapes }: Results, name: string): number {
  return shapes.find((shape) => shape.name === name)?.records ?? NaN
}
