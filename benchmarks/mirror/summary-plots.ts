import type { Figures } from '../harness/steady-state.ts'
import type { BarPlot } from '../harness/suite-results.ts'
import type { MirrorDetails } from './mirror-details.ts'
import { medianFigures } from './summary.ts'

/** How fast, and what it costs: a group of bars for each shape. */
export function summaryPlots(details: MirrorDetails): readonly BarPlot[] {
  const plot = (name: string, title: string, unit: string, figure: (figures: Figures) => number): BarPlot => ({
    kind: 'bars',
    name,
    title,
    unit,
    groups: details.shapes.flatMap((shape) => {
      const bars = details.measurements
        .filter((measurement) => measurement.shape === shape.name && measurement.runs.length > 0)
        .map(({ peer, runs }) => ({ series: peer, value: figure(medianFigures(runs)) }))
      return bars.length === 0 ? [] : [{ name: shape.name, bars }]
    })
  })
  return [
    plot('speed', 'Records copied in a second', 'longer is better', (run) => run.recordsPerSecond),
    plot('cpu', 'CPU time of a record', 'µs, shorter is better', (run) => run.cpuMicrosPerRecord)
  ]
}
