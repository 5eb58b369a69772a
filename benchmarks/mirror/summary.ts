import { median } from '../harness/median.ts'
import type { Figures } from '../harness/steady-state.ts'
import type { Column } from '../harness/suite-results.ts'
import type { Measurement, MirrorDetails } from './mirror-details.ts'

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

export const SUMMARY_COLUMNS: readonly Column[] = [
  { title: 'shape' },
  { title: 'mirror' },
  { title: 'records/s', figure: true },
  { title: 'CPU µs/record', figure: true },
  { title: 'whole run', figure: true },
  { title: 'peak MB', figure: true },
  { title: 'brokers µs/record', figure: true },
  { title: 'start s (CPU s)', figure: true },
  { title: 'runs', figure: true }
]

/** The table of a run: a row for each shape and peer. */
export function summaryRows(details: MirrorDetails): readonly (readonly string[])[] {
  return details.measurements.map((measurement) => row(details, measurement))
}

function row(details: MirrorDetails, { shape, peer, runs, failure }: Measurement): readonly string[] {
  if (runs.length === 0) return [shape, peer, failure === undefined ? '–' : 'failed', '', '', '', '', '', '0']
  const figures = medianFigures(runs)
  return [
    shape,
    peer,
    Math.round(figures.recordsPerSecond).toLocaleString('en'),
    figures.cpuMicrosPerRecord.toFixed(2),
    ((figures.cpuSeconds / recordsOf(details, shape)) * 1e6).toFixed(2),
    Math.round(figures.peakRssBytes / 1e6).toString(),
    figures.brokerCpuMicrosPerRecord.toFixed(2),
    `${figures.startSeconds.toFixed(1)} (${figures.startCpuSeconds.toFixed(2)})`,
    `${runs.length}${failure === undefined ? '' : ', then failed'}`
  ]
}

function recordsOf({ shapes }: MirrorDetails, name: string): number {
  return shapes.find((shape) => shape.name === name)?.records ?? NaN
}
