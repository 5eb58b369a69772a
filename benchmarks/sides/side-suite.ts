import { median } from '../harness/median.ts'
import { chooseShapes, type Shape } from '../harness/shapes.ts'
import type { SuiteOptions } from '../harness/suite-options.ts'
import type { Measured, Ratio } from '../harness/suite-results.ts'
import { withClusters } from '../harness/with-clusters.ts'
import { chooseSidePeers, CONTROL, OURS, type SideName } from './side-peers.ts'
import type { SideReport } from './side-report.ts'
import { sideRuns, type SideMeasurement } from './side-runs.ts'

/** One run is short. */
const ROUNDS = 3

/** A suite that measures one side of a mirror. `size` says how many records of the usual number it takes. */
export async function runSideSuite(
  side: SideName,
  options: SuiteOptions,
  { note, size }: { readonly note: string; readonly size: (shape: Shape) => number }
): Promise<Measured> {
  const { quick, records, runs, verify, directory, log } = options
  const shapes = chooseShapes(options.shapes, { quick, records }).map((shape) => ({
    ...shape,
    records: records ?? size(shape)
  }))
  const peers = chooseSidePeers(options.peers)
  const rounds = options.pairs ?? runs * (quick ? 1 : ROUNDS)
  const { measurements, failures } = await withClusters(directory, async (clusters) =>
    sideRuns(clusters, { side, shapes, peers, runs: rounds, verify, log })
  )
  return {
    note: `${note} CPU is user and system time of the process; figures are medians of ${rounds} rounds.

${peers.map(({ name, title }) => `- \`${name}\`: ${title}`).join('\n')}`,
    sections: [
      {
        title: side === 'consume' ? 'Taken and given back' : 'Sent and delivered',
        columns: [
          { title: 'shape' },
          { title: 'by' },
          ...['records', 'records/s', 'CPU µs/record', '÷ C', 'peak MB', 'rounds'].map((title) => ({
            title,
            figure: true
          }))
        ],
        rows: measurements.map((measurement) => row(measurement, measurements)),
        plots: [
          {
            kind: 'bars',
            name: 'cpu',
            title: `CPU per record, ${side} alone`,
            unit: 'µs',
            groups: shapes.map((shape) => ({
              name: shape.name,
              bars: measurements
                .filter((each) => each.shape === shape && each.runs.length > 0)
                .map(({ peer, runs: reports }) => ({ series: peer, value: median(reports.map(cpu)) }))
            }))
          }
        ]
      }
    ],
    bars: [],
    ratios: ratios(measurements),
    notRun: [],
    failures,
    details: { measurements }
  }
}

function row({ shape, peer, runs }: SideMeasurement, all: readonly SideMeasurement[]): readonly string[] {
  const names = [shape.name, peer, shape.records.toLocaleString('en')]
  if (runs.length === 0) return [...names, 'failed', '', '', '', '0']
  const control = all.find((each) => each.shape === shape && each.peer === CONTROL)?.runs ?? []
  const nanos = median(runs.map(cpu))
  return [
    ...names,
    Math.round(median(runs.map(({ measured, seconds }) => measured / seconds))).toLocaleString('en'),
    nanos.toFixed(2),
    control.length === 0 ? '' : (nanos / median(control.map(cpu))).toFixed(2),
    Math.round(median(runs.map(({ peakRssBytes }) => peakRssBytes)) / 1e6).toString(),
    String(runs.length)
  ]
}

function ratios(measurements: readonly SideMeasurement[]): readonly Ratio[] {
  return measurements
    .filter(({ peer }) => peer === OURS)
    .map(({ shape, runs }): Ratio => {
      const control = measurements.find((each) => each.shape === shape && each.peer === CONTROL)?.runs ?? []
      const samples = runs.slice(0, control.length).map((run, index) => cpu(run) / cpu(control[index] as SideReport))
      return { what: `${shape.name}: CPU per record`, control: CONTROL, better: 'lower', samples }
    })
    .filter(({ samples }) => samples.length > 0)
}

function cpu({ cpuSeconds, measured }: SideReport): number {
  return (cpuSeconds / measured) * 1e6
}
