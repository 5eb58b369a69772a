import type { Bar } from '../harness/suite-results.ts'
import type { Figures } from '../harness/steady-state.ts'
import type { MirrorDetails, PairedRatio } from './mirror-details.ts'
import { medianFigures } from './summary.ts'

const OURS = 'millrace'
const CONTROL = 'c-loop'
const MIRROR_MAKER = /^mm2-/

/** Through the best of MirrorMaker's settings on that shape: the fastest for speed, the most sparing for CPU. */
const AGAINST_MIRROR_MAKER = [
  { shape: '100B', speed: 2.5, cpu: 3.5 },
  { shape: '1kB', speed: 1.4, cpu: 2 },
  { shape: '1kB-lz4', speed: 1.3, cpu: 2 },
  { shape: '10kB', speed: 1.3, cpu: 2 }
]
/** Node.js must not cost more than a fifth. */
const MOST_TO_CONTROL = 1.2
const MOST_PEAK_BYTES = 400e6
/** Of fewer runs a median is called what it is. */
const ENOUGH_RUNS = 3

interface PeerFigures {
  readonly peer: string
  readonly runs: number
  readonly figures: Figures
}

/** Those that this run has the figures for. */
export function checkBars(details: MirrorDetails): readonly Bar[] {
  const peak = peakBar(details)
  return [
    ...AGAINST_MIRROR_MAKER.flatMap((bar) => mirrorMakerBars(details, bar)),
    ...details.shapes.flatMap(({ name }) => controlBar(details, name) ?? []),
    ...(peak ? [peak] : [])
  ]
}

function mirrorMakerBars(
  details: MirrorDetails,
  { shape, speed, cpu }: (typeof AGAINST_MIRROR_MAKER)[number]
): readonly Bar[] {
  const all = figuresOn(details, shape)
  const ours = all.find(({ peer }) => peer === OURS)
  const theirs = all.filter(({ peer }) => MIRROR_MAKER.test(peer))
  const fastest = theirs.toSorted((a, b) => b.figures.recordsPerSecond - a.figures.recordsPerSecond)[0]
  const thriftiest = theirs.toSorted((a, b) => a.figures.cpuMicrosPerRecord - b.figures.cpuMicrosPerRecord)[0]
  if (ours === undefined || fastest === undefined || thriftiest === undefined) return []
  return [
    atLeast(
      `${shape}: records/s, ${OURS} ÷ best MirrorMaker 2 (${fastest.peer})`,
      ours.figures.recordsPerSecond / fastest.figures.recordsPerSecond,
      speed,
      Math.min(ours.runs, fastest.runs)
    ),
    atLeast(
      `${shape}: CPU per record, best MirrorMaker 2 (${thriftiest.peer}) ÷ ${OURS}`,
      thriftiest.figures.cpuMicrosPerRecord / ours.figures.cpuMicrosPerRecord,
      cpu,
      Math.min(ours.runs, thriftiest.runs)
    )
  ]
}

function atLeast(what: string, ratio: number, limit: number, runs: number): Bar {
  return { what, measured: `${ratio.toFixed(2)}${ofRuns(runs)}`, wanted: `≥ ${limit}`, met: ratio >= limit }
}

/** By pairs, where there are some: runs next to each other drifted least. Then all of the interval has to be within. */
function controlBar(details: MirrorDetails, shape: string): Bar | undefined {
  const bar = { what: `${shape}: CPU per record, ${OURS} ÷ ${CONTROL}`, wanted: `≤ ${MOST_TO_CONTROL}` }
  const pairs = details.paired.find((paired) => isOurs(paired) && paired.shape === shape)
  if (pairs) {
    const { median, low, high, ratios } = pairs
    const interval = `${low.toFixed(2)} – ${high.toFixed(2)}, ${ratios.length} pairs`
    return { ...bar, measured: `${median.toFixed(2)} (${interval})`, met: high <= MOST_TO_CONTROL }
  }
  const all = figuresOn(details, shape)
  const ours = all.find(({ peer }) => peer === OURS)
  const control = all.find(({ peer }) => peer === CONTROL)
  if (ours === undefined || control === undefined) return undefined
  const ratio = ours.figures.cpuMicrosPerRecord / control.figures.cpuMicrosPerRecord
  const measured = `${ratio.toFixed(2)}${ofRuns(Math.min(ours.runs, control.runs))}`
  return { ...bar, measured, met: ratio <= MOST_TO_CONTROL }
}

function isOurs({ peer, control }: PairedRatio): boolean {
  return peer === OURS && control === CONTROL
}

function peakBar({ measurements }: MirrorDetails): Bar | undefined {
  const peaks = measurements
    .filter(({ peer, runs }) => peer === OURS && runs.length > 0)
    .map(({ shape, runs }) => ({ shape, bytes: Math.max(...runs.map((run) => run.peakRssBytes)) }))
  const worst = peaks.toSorted((a, b) => b.bytes - a.bytes)[0]
  if (worst === undefined) return undefined
  return {
    what: `peak memory of all processes of ${OURS} (worst at ${worst.shape})`,
    measured: `${Math.round(worst.bytes / 1e6)} MB`,
    wanted: `≤ ${MOST_PEAK_BYTES / 1e6} MB`,
    met: worst.bytes <= MOST_PEAK_BYTES
  }
}

function figuresOn({ measurements }: MirrorDetails, shape: string): readonly PeerFigures[] {
  return measurements
    .filter((measurement) => measurement.shape === shape && measurement.runs.length > 0)
    .map(({ peer, runs }) => ({ peer, runs: runs.length, figures: medianFigures(runs) }))
}

function ofRuns(runs: number): string {
  if (runs >= ENOUGH_RUNS) return ''
  return runs === 1 ? ' (one run)' : ` (${runs} runs)`
}
