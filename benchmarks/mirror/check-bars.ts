import type { Bar } from '../harness/suite-results.ts'
import type { MirrorDetails } from './mirror-details.ts'
import { medianFigures } from './summary.ts'

const OURS = 'millrace'
const MOST_PEAK_BYTES = 500e6

interface RatioBar {
  readonly shape: string
  readonly control: string
  /** The control's CPU per record through ours, or ours through the control's. */
  readonly figure: 'less' | 'more'
  readonly limit: number
}

const RATIOS: readonly RatioBar[] = [
  { shape: '100B', control: 'node-rdkafka', figure: 'less', limit: 6 },
  { shape: '100B', control: 'c-loop', figure: 'more', limit: 1.3 }
]

/** Those that this run has the figures for. */
export function checkBars(results: MirrorDetails): readonly Bar[] {
  const ratios = RATIOS.flatMap((bar) => ratioBar(results, bar) ?? [])
  const memory = peakBar(results)
  return memory ? [...ratios, memory] : ratios
}

function ratioBar(results: MirrorDetails, { shape, control, figure, limit }: RatioBar): Bar | undefined {
  const more = ratioTo(results, control, shape)
  if (more === undefined) return undefined
  const ratio = figure === 'less' ? 1 / more : more
  return {
    what: `${shape}: CPU per record, ${figure === 'less' ? `${control} ÷ ${OURS}` : `${OURS} ÷ ${control}`}`,
    measured: ratio.toFixed(2),
    wanted: figure === 'less' ? `≥ ${limit}` : `≤ ${limit}`,
    met: figure === 'less' ? ratio >= limit : ratio <= limit
  }
}

/** Ours through the control's. Of pairs, where there are some: runs next to each other drifted least. */
function ratioTo(results: MirrorDetails, control: string, shape: string): number | undefined {
  const pairs = results.paired.find(
    (paired) => paired.shape === shape && paired.peer === OURS && paired.control === control
  )
  if (pairs) return pairs.median
  const ours = cpuPerRecord(results, OURS, shape)
  const theirs = cpuPerRecord(results, control, shape)
  return ours === undefined || theirs === undefined ? undefined : ours / theirs
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
    wanted: `< ${MOST_PEAK_BYTES / 1e6} MB`,
    met: worst.bytes < MOST_PEAK_BYTES
  }
}

function cpuPerRecord({ measurements }: MirrorDetails, peer: string, shape: string): number | undefined {
  const found = measurements.find((measurement) => measurement.peer === peer && measurement.shape === shape)
  return found && found.runs.length > 0 ? medianFigures(found.runs).cpuMicrosPerRecord : undefined
}
