import { median, medianInterval } from './harness/median.ts'
import { chooseShapes, type Shape } from './harness/shapes.ts'
import type { Figures } from './harness/steady-state.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Bar, Measured, Ratio } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { withClusters } from './harness/with-clusters.ts'
import { partitionRuns, type PartitionMeasurement } from './partitions/partition-runs.ts'
import { choosePeers } from './peers/all-peers.ts'

const COUNTS = [1, 16, 128, 512]
/** Between these two the bar is set. */
const FEW = 16
const MANY = 512
const MOST_GROWTH = 1.1
const OURS = 'millrace'
const CONTROL = 'c-loop'
const FIGURES = ['records/s', 'CPU µs/record', 'brokers µs/record', 'peak MB', 'start s', 'runs']

export const partitions: Suite = {
  name: 'partitions',
  description: 'what more partitions cost at 100 B: speed and CPU per record, next to the C loop',
  defaultSize: '1, 16, 128 and 512 partitions, 5 M records, both mirrors once: about three minutes',
  options: ['quick', 'records', 'peers', 'runs', 'pairs', 'verify', 'directory'],
  run: runPartitions
}

async function runPartitions(options: SuiteOptions): Promise<Measured> {
  const { quick, runs, pairs, verify, directory, log } = options
  const [shape] = chooseShapes(['100B'], { quick, records: options.records }) as readonly [Shape]
  const peers = choosePeers(options.peers ?? (pairs === undefined ? [OURS, CONTROL] : [OURS]))
  const counts = pairs === undefined ? COUNTS : [FEW, MANY]
  const { measurements, failures } = await withClusters(directory, async (clusters) =>
    partitionRuns(clusters, { shape, peers, counts, rounds: pairs ?? runs, verify, log })
  )
  const growth = growthOf(measurements)
  const pairing = `${pairs} times ${FEW} and ${MANY} partitions next to each other; who goes first changes. `
  return {
    note: `${shape.records.toLocaleString('en')} records of 100 B, without codec, in as many partitions at the source as at the target; figures as in the suite
\`mirror\`. ${pairs === undefined ? '' : pairing}Each side is one broker that has to keep every partition's log: what that costs is in the brokers' CPU per record.`,
    sections: [
      {
        title: 'By number of partitions',
        columns: [
          { title: 'partitions', figure: true },
          { title: 'mirror' },
          ...FIGURES.map((title) => ({ title, figure: true }))
        ],
        rows: measurements.map(row),
        plots: [
          {
            kind: 'lines',
            name: 'cpu',
            title: 'CPU per record by number of partitions',
            x: { title: 'partitions', logarithmic: true },
            y: { title: 'µs per record' },
            series: peers.map(({ name }) => ({ name, points: points(measurements, name) }))
          }
        ]
      }
    ],
    bars: growth.length === 0 ? [] : [growthBar(growth)],
    ratios: ratios(measurements, growth),
    notRun: [],
    failures,
    details: { shape, measurements, growth }
  }
}

function row({ partitions: count, peer, runs }: PartitionMeasurement): readonly string[] {
  const figure = (of: (run: Figures) => number, show: (value: number) => string): string =>
    runs.length === 0 ? 'failed' : show(median(runs.map(of)))
  const whole = (value: number): string => Math.round(value).toLocaleString('en')
  const fixed = (digits: number) => (value: number) => value.toFixed(digits)
  return [
    String(count),
    peer,
    figure((run) => run.recordsPerSecond, whole),
    figure((run) => run.cpuMicrosPerRecord, fixed(2)),
    figure((run) => run.brokerCpuMicrosPerRecord, fixed(2)),
    figure((run) => run.peakRssBytes / 1e6, whole),
    figure((run) => run.startSeconds, fixed(1)),
    String(runs.length)
  ]
}

function points(measurements: readonly PartitionMeasurement[], name: string) {
  return measurements
    .filter(({ peer, runs }) => peer === name && runs.length > 0)
    .map(({ partitions: count, runs }) => [count, median(runs.map(cpu))] as const)
}

/** Ours, with many partitions through with few, round by round. */
function growthOf(measurements: readonly PartitionMeasurement[]): readonly number[] {
  return quotients(runsOf(measurements, MANY, OURS), runsOf(measurements, FEW, OURS))
}

/** Met when the whole interval is below; of few runs that is the range of all. */
function growthBar(growth: readonly number[]): Bar {
  const { median: middle, low, high, confidence } = medianInterval(growth)
  const interval = `${low.toFixed(2)} – ${high.toFixed(2)} at ${(confidence * 100).toFixed(0)} %`
  return {
    what: `CPU per record of ${OURS}, ${MANY} ÷ ${FEW} partitions`,
    measured: growth.length === 1 ? middle.toFixed(2) : `${middle.toFixed(2)} (${interval})`,
    wanted: `< ${MOST_GROWTH.toFixed(2)}`,
    met: high < MOST_GROWTH
  }
}

function ratios(measurements: readonly PartitionMeasurement[], growth: readonly number[]): readonly Ratio[] {
  const toControl = COUNTS.map((count): Ratio => ({
    what: `${count} partitions: CPU per record`,
    control: CONTROL,
    better: 'lower',
    samples: quotients(runsOf(measurements, count, OURS), runsOf(measurements, count, CONTROL))
  }))
  const ownGrowth: Ratio = {
    what: `CPU per record, ${MANY} partitions`,
    control: `${OURS}, ${FEW} partitions`,
    better: 'lower',
    samples: growth
  }
  return [...toControl, ownGrowth].filter(({ samples }) => samples.length > 0)
}

function runsOf(measurements: readonly PartitionMeasurement[], count: number, name: string): readonly Figures[] {
  return measurements.find(({ partitions: each, peer }) => each === count && peer === name)?.runs ?? []
}

function quotients(runs: readonly Figures[], controls: readonly Figures[]): readonly number[] {
  return runs.slice(0, controls.length).map((run, index) => cpu(run) / cpu(controls[index] as Figures))
}

function cpu({ cpuMicrosPerRecord }: Figures): number {
  return cpuMicrosPerRecord
}
