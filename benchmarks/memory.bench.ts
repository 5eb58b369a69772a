import { limitsOptions } from '../src/job/options.ts'
import { RECORD_OVERHEAD_BYTES } from '../src/model/batch.ts'
import { copyTopic } from './harness/copy-topic.ts'
import { preparePeers } from './harness/prepare-peers.ts'
import { PARTITIONS, type Shape } from './harness/shapes.ts'
import { buildLoader, withSourceTopic } from './harness/source-topic.ts'
import { steadyState, type Figures, type Sample } from './harness/steady-state.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Bar, Measured, NotRun } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { UsageError } from './harness/usage-error.ts'
import { withClusters } from './harness/with-clusters.ts'
import { choosePeers } from './peers/all-peers.ts'

const OURS = 'millrace'
const LIMIT_BYTES = limitsOptions.memory.default
/** What the source has, as records in memory, through the limit: who would take it all could not keep the limit. */
const TIMES_THE_LIMIT = 3
const QUICK_TIMES_THE_LIMIT = 1
/** That a copy takes as long as this is what makes the target slow. */
const SECONDS = 30
const QUICK_SECONDS = 10
/** So little that nothing can hide in the link. */
const WINDOW_BYTES = 256 * 1024
const SIZES = [
  { name: '100B', bytes: 100 },
  { name: '10kB', bytes: 10_000 },
  { name: '1MB', bytes: 1_000_000 }
]

interface MemoryRun {
  readonly shape: Shape
  readonly peer: string
  readonly bytesPerSecond: number
  readonly figures: Figures
  /** Seconds and MB. */
  readonly memory: readonly (readonly [number, number])[]
}

export const memory: Suite = {
  name: 'memory',
  description: 'whether memory keeps the limit while the target is slow',
  defaultSize: '100 B, 10 kB and 1 MB, half a minute each: about three minutes',
  options: ['quick', 'seconds', 'shapes', 'peers', 'verify', 'directory'],
  run: runMemory
}

async function runMemory(options: SuiteOptions): Promise<Measured> {
  const { quick, verify, directory, log } = options
  const timesTheLimit = quick ? QUICK_TIMES_THE_LIMIT : TIMES_THE_LIMIT
  const shapes = chooseMemoryShapes(options.shapes, timesTheLimit)
  const seconds = options.seconds ?? (quick ? QUICK_SECONDS : SECONDS)
  const peers = choosePeers(options.peers ?? [OURS])
  const runs: MemoryRun[] = []
  const failures: string[] = []
  const notRun = await withClusters(
    directory,
    async (clusters): Promise<readonly NotRun[]> => {
      const prepared = await preparePeers(peers, clusters.directory, log)
      const loader = await buildLoader(clusters.directory)
      for (const shape of shapes) {
        log(`loading ${shape.name}: ${shape.records.toLocaleString('en')} records`)
        await withSourceTopic(loader, clusters, shape, async (sourceTopic) => {
          for (const peer of prepared.present) {
            const bytesPerSecond = (shape.records * shape.bytes) / seconds
            const link = { delayMs: 0, bytesPerSecond, windowBytes: WINDOW_BYTES }
            const copy = { clusters, peer, shape, partitions: PARTITIONS, sourceTopic, verify, link }
            try {
              const samples = await copyTopic(copy)
              const figures = steadyState(samples, shape.records)
              runs.push({ shape, peer: peer.name, bytesPerSecond, figures, memory: everySecond(samples) })
              log(`${shape.name} ${peer.name}: peak ${megabytes(figures.peakRssBytes)} MB`)
            } catch (error) {
              failures.push(`${shape.name} ${peer.name}: ${error instanceof Error ? error.message : String(error)}`)
              log(`${shape.name} ${peer.name}: FAILED`)
            }
          }
        })
      }
      return prepared.notRun
    },
    'target'
  )
  return {
    note: `The way to the target carries only so much that the copy has to take ${seconds} s; the source has ${timesTheLimit} times the default of
\`limits.memory\` (${megabytes(LIMIT_BYTES)} MB) as records in memory, ${RECORD_OVERHEAD_BYTES} B of each being overhead. Memory is the sum of the resident memory of all processes, looked at
20 times a second. Each copy was checked. "Of the line" is how much of the way's capacity the payload used.`,
    sections: [
      {
        title: 'Peaks',
        columns: [
          { title: 'shape' },
          { title: 'mirror' },
          ...['records', 'line MB/s', 'records/s', 'of the line', 'peak MB', '÷ limit'].map((title) => ({
            title,
            figure: true
          }))
        ],
        rows: runs.map(row),
        plots: [
          {
            kind: 'lines',
            name: 'over-time',
            title: 'Memory while the target is slow',
            x: { title: 'seconds' },
            y: { title: 'MB' },
            series: runs.map((run) => ({ name: `${run.shape.name} ${run.peer}`, points: run.memory }))
          }
        ]
      }
    ],
    bars: runs.filter(({ peer }) => peer === OURS).map(peakBar),
    ratios: runs
      .filter(({ peer }) => peer === OURS)
      .map(({ shape, figures }) => ({
        what: `${shape.name}: peak memory`,
        control: 'limits.memory',
        better: 'lower',
        samples: [figures.peakRssBytes / LIMIT_BYTES]
      })),
    notRun,
    failures,
    details: { runs }
  }
}

function chooseMemoryShapes(names: readonly string[] | undefined, timesTheLimit: number): readonly Shape[] {
  const unknown = names?.find((name) => !SIZES.some((size) => size.name === name))
  if (unknown !== undefined) {
    throw new UsageError(`no such shape: ${unknown}; there are ${SIZES.map(({ name }) => name).join(', ')}`)
  }
  return SIZES.filter(({ name }) => names?.includes(name) ?? true).map((size) => ({
    ...size,
    records: Math.ceil((timesTheLimit * LIMIT_BYTES) / (size.bytes + RECORD_OVERHEAD_BYTES)),
    codec: 'none',
    payload: 'random'
  }))
}

function row({ shape, peer, bytesPerSecond, figures }: MemoryRun): readonly string[] {
  const { recordsPerSecond, peakRssBytes } = figures
  return [
    shape.name,
    peer,
    shape.records.toLocaleString('en'),
    (bytesPerSecond / 1e6).toFixed(1),
    Math.round(recordsPerSecond).toLocaleString('en'),
    `${(((recordsPerSecond * shape.bytes) / bytesPerSecond) * 100).toFixed(0)} %`,
    megabytes(peakRssBytes),
    (peakRssBytes / LIMIT_BYTES).toFixed(2)
  ]
}

function peakBar({ shape, figures }: MemoryRun): Bar {
  return {
    what: `peak memory of all processes at ${shape.name} with a slow target`,
    measured: `${megabytes(figures.peakRssBytes)} MB`,
    wanted: `≤ ${megabytes(LIMIT_BYTES)} MB`,
    met: figures.peakRssBytes <= LIMIT_BYTES
  }
}

/** The greatest of each second: few points, and no peak is lost. */
function everySecond(samples: readonly Sample[]): readonly (readonly [number, number])[] {
  const peaks = new Map<number, number>()
  for (const { seconds, rssBytes } of samples) {
    const second = Math.floor(seconds)
    peaks.set(second, Math.max(peaks.get(second) ?? 0, rssBytes / 1e6))
  }
  return [...peaks]
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1e6).toString()
}
