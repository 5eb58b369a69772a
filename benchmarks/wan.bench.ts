import { median } from './harness/median.ts'
import { PARTITIONS, chooseShapes } from './harness/shapes.ts'
import type { LinkQuality } from './harness/start-link.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Measured, NotRun, Ratio } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { choosePeers } from './peers/all-peers.ts'
import { millrace } from './peers/millrace.ts'
import type { Peer } from './peers/peer.ts'
import { linkCeiling } from './wan/link-ceiling.ts'
import { farRuns, type FarMeasurement } from './wan/far-runs.ts'

const OURS = 'millrace'
const CONTROL = 'c-loop'
const ROUND_TRIP_MS = 50
/** A gigabit per second, and a window that hosts are given for such lines: more than what is on its way in a round trip. */
const LINE: LinkQuality = { delayMs: ROUND_TRIP_MS / 2, bytesPerSecond: 125e6, windowBytes: 16 * 1024 * 1024 }
const USUAL_SHAPES = ['100B', '1kB']
/** Long enough beside the start over such a line. */
const RECORDS = { '100B': 3_000_000, '1kB': 1_000_000 } as const

/** What may help on a long line: several connections to each broker, or more in one answer. */
const LONG_LINE_VARIANTS = [
  millrace({
    name: 'millrace-workers',
    title: 'millrace with four workers and 1 GiB',
    configuration: { workers: 4, limits: { memory: '1GiB' } }
  }),
  withSettings('millrace-fetch', 'millrace with fetches of 32 MiB, 4 MiB of a partition, and 1 GiB', [
    'source.properties.fetch.max.bytes=33554432',
    'source.properties.max.partition.fetch.bytes=4194304',
    'limits.memory=1GiB'
  ])
]

export const wan: Suite = {
  name: 'wan',
  description: 'how fast topics are copied over a line of 50 ms and 1 Gbit/s, to and from afar, next to the C loop',
  defaultSize:
    '100 B and 1 kB, source far and target far, both mirrors once: about four minutes; --full tries more connections and larger fetches',
  options: ['quick', 'full', 'records', 'shapes', 'peers', 'runs', 'verify', 'directory'],
  run: runWan
}

async function runWan(options: SuiteOptions): Promise<Measured> {
  const { quick, full, records, runs, verify, directory, log } = options
  const shapes = chooseShapes(options.shapes ?? USUAL_SHAPES, { quick, records }).map((shape) => ({
    ...shape,
    records: records ?? usualRecords(shape.name, quick) ?? shape.records
  }))
  const peers = [...choosePeers(options.peers ?? [OURS, CONTROL]), ...(full ? LONG_LINE_VARIANTS : [])]
  const ceiling = await linkCeiling(LINE)
  log(`the link alone: ${(ceiling / 1e6).toFixed(0)} MB/s without its limit`)
  const measurements: FarMeasurement[] = []
  const failures: string[] = []
  let notRun: readonly NotRun[] = []
  for (const far of ['source', 'target'] as const) {
    const measured = await farRuns({ far, link: LINE, shapes, peers, runs, verify, directory, log })
    measurements.push(...measured.measurements)
    failures.push(...measured.failures)
    notRun = measured.notRun
  }
  return {
    note: `A relay of the harness stands before the broker of one side, which tells its clients to come that way: ${ROUND_TRIP_MS} ms for a round trip,
${(LINE.bytesPerSecond / 1e6).toFixed(0)} MB/s in each direction, and at most ${LINE.windowBytes / 2 ** 20} MiB of one connection on their way (a TCP window that is no limit here: the line holds
${((LINE.bytesPerSecond * ROUND_TRIP_MS) / 1e9).toFixed(2)} MB). The relay alone carried ${(ceiling / 1e6).toFixed(0)} MB/s with the same delay and window and no limit. Topics have ${PARTITIONS} partitions. All
else as in the suite \`mirror\`. "Of the line" counts values only.`,
    sections: [
      {
        title: 'Over the line',
        columns: [
          { title: 'far' },
          { title: 'shape' },
          { title: 'mirror' },
          ...['records/s', 'MB/s', 'of the line', 'CPU µs/record', 'peak MB', 'start s', 'runs'].map((title) => ({
            title,
            figure: true
          }))
        ],
        rows: measurements.map(row)
      }
    ],
    bars: [],
    ratios: ratios(measurements),
    notRun,
    failures,
    details: {
      line: LINE,
      ceilingBytesPerSecond: ceiling,
      settings: Object.fromEntries(
        peers.map((peer) => [peer.name, Object.fromEntries(shapes.map((shape) => [shape.name, peer.settings(shape)]))])
      ),
      measurements
    }
  }
}

/** Settings inside of sections, as a user gives them on the command line. */
function withSettings(name: string, title: string, settings: readonly string[]): Peer {
  const peer = millrace({ name, title, configuration: {} })
  return {
    ...peer,
    settings: (shape) => ({ ...peer.settings(shape), ...Object.fromEntries(settings.map((each) => each.split('='))) }),
    async command(run) {
      const { args, ...rest } = await peer.command(run)
      return { ...rest, args: [...args, ...settings.flatMap((each) => ['--set', each])] }
    }
  }
}

function usualRecords(name: string, quick: boolean): number | undefined {
  const records = (RECORDS as Readonly<Record<string, number>>)[name]
  return records === undefined ? undefined : records / (quick ? 5 : 1)
}

function row({ far, shape, peer, runs }: FarMeasurement): readonly string[] {
  const names = [far, shape.name, peer]
  if (runs.length === 0) return [...names, 'failed', '', '', '', '', '', '0']
  const recordsPerSecond = median(runs.map((run) => run.recordsPerSecond))
  const bytesPerSecond = recordsPerSecond * shape.bytes
  return [
    ...names,
    Math.round(recordsPerSecond).toLocaleString('en'),
    (bytesPerSecond / 1e6).toFixed(1),
    `${((bytesPerSecond / LINE.bytesPerSecond) * 100).toFixed(0)} %`,
    median(runs.map((run) => run.cpuMicrosPerRecord)).toFixed(2),
    (median(runs.map((run) => run.peakRssBytes)) / 1e6).toFixed(0),
    median(runs.map((run) => run.startSeconds)).toFixed(1),
    String(runs.length)
  ]
}

function ratios(measurements: readonly FarMeasurement[]): readonly Ratio[] {
  return measurements
    .filter(({ peer }) => peer === OURS)
    .map(({ far, shape, runs }): Ratio => {
      const control = measurements.find((each) => each.far === far && each.shape === shape && each.peer === CONTROL)
      const samples = runs.slice(0, control?.runs.length ?? 0).map((run, index) => {
        return run.recordsPerSecond / (control?.runs[index]?.recordsPerSecond ?? NaN)
      })
      return { what: `${far} far, ${shape.name}: records/s`, control: CONTROL, better: 'higher', samples }
    })
    .filter(({ samples }) => samples.length > 0)
}
