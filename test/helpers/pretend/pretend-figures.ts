import type { History, HistorySeries, JobFigures } from '../../../src/api/contract.ts'
import type { Cast } from './pretend-cast.ts'
import { noise } from './pretend-pages.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The share of its usual rate that a job copies at a time: waves of minutes and of a day, and some noise. */
export function activity(seed: number, at: number): number {
  const wave = 0.18 * Math.sin(at / 47_000 + seed) + 0.22 * Math.sin((at / DAY) * 2 * Math.PI)
  const now = 1 + wave + 0.12 * (noise(seed, at / 2000) - 0.5)
  // Once in a while the target is slow for three minutes.
  return Math.floor(at / 180_000 + seed) % 37 === 0 ? now * 0.35 : now
}

export function lagAt(cast: Cast, seed: number, at: number): number {
  return Math.max(0, Math.floor(cast.lag * (1.6 - 0.7 * activity(seed, at))))
}

export function latencyAt(cast: Cast, seed: number, at: number): { readonly p50: number; readonly p99: number } {
  const slow = cast.limiting === 'target' ? 9 : 1
  const p50 = Math.round(11 * slow * (1.5 - 0.5 * activity(seed, at)))
  return { p50, p99: Math.round(p50 * (3 + 4 * noise(seed, at / 5000, 3))) }
}

const MIB = 1024 * 1024

export function figuresAt(
  cast: Cast,
  seed: number,
  at: number,
  share: number,
  totals: { records: number; restarts: number }
): JobFigures {
  const recordsOut = Math.round(cast.recordsPerSecond * activity(seed, at) * share)
  const recordsIn = Math.round(recordsOut * (0.97 + 0.06 * noise(seed, at / 1000)))
  const lagRecords = lagAt(cast, seed, at)
  const limiting = share === 0 ? 'nothing' : cast.limiting
  const main = 0.6 + 0.2 * noise(seed, at / 3000, 7)
  return {
    records: totals.records,
    bytes: totals.records * cast.recordBytes,
    rates: {
      recordsIn,
      recordsOut,
      bytesIn: recordsIn * cast.recordBytes,
      bytesOut: recordsOut * cast.recordBytes
    },
    lagRecords,
    lagSeconds: recordsOut === 0 ? null : Math.round((lagRecords / recordsOut) * 10) / 10,
    replicationLatencyMs: share === 0 ? null : latencyAt(cast, seed, at),
    inFlightBytes: Math.round((cast.limiting === 'target' ? 190 : 40) * MIB * share * activity(seed, at)),
    inFlightLimit: 256 * MIB,
    limiting,
    limitShares: {
      source: limiting === 'source' ? main : share * 0.1,
      mirror: limiting === 'mirror' ? main : share * 0.05,
      target: limiting === 'target' ? main : share * 0.1,
      rate: 0
    },
    notCopied: { deadLettered: seed * 3, skipped: 0, altered: seed, losses: cast.stopped === undefined ? 0 : 1 },
    memoryBytes: Math.round((340 + 60 * noise(seed, at / 9000, 1)) * MIB),
    memoryLimit: 1024 * MIB,
    workerRestarts: totals.restarts
  }
}

/** Records a second of the last five minutes, one value each five seconds. */
export function sparkline(
  cast: Cast,
  seed: number,
  now: number,
  isCopying: (at: number) => boolean
): (number | null)[] {
  return Array.from({ length: 60 }, (_, index) => {
    const at = now - (59 - index) * 5000
    return isCopying(at) ? Math.round(cast.recordsPerSecond * activity(seed, at)) : null
  })
}

/** 5 s steps within the last hour, else a minute; with gaps where the job did not run or was restarted. */
export function historyOf(
  cast: Cast,
  seed: number,
  isCopying: (at: number) => boolean,
  { from = Date.now() - HOUR, to = Date.now() }: { readonly from?: number; readonly to?: number },
  markers: History['markers']
): History {
  const begin = Math.max(from, Date.now() - DAY)
  const stepSeconds = begin >= Date.now() - HOUR - 60_000 ? 5 : 60
  const step = stepSeconds * 1000
  const at: number[] = []
  for (let time = Math.ceil(begin / step) * step; time <= Math.min(to, Date.now()); time += step) at.push(time)
  const column = (value: (time: number) => number): (number | null)[] =>
    at.map((time) => (isCopying(time) ? Math.round(value(time)) : null))
  const records = (time: number): number => cast.recordsPerSecond * activity(seed, time)
  const series: Record<HistorySeries, (number | null)[]> = {
    recordsIn: column((time) => records(time) * 1.01),
    recordsOut: column(records),
    bytesIn: column((time) => records(time) * cast.recordBytes * 1.01),
    bytesOut: column((time) => records(time) * cast.recordBytes),
    lagRecords: column((time) => lagAt(cast, seed, time)),
    latencyP50: column((time) => latencyAt(cast, seed, time).p50),
    latencyP99: column((time) => latencyAt(cast, seed, time).p99),
    inFlightBytes: column((time) => 60 * MIB * activity(seed, time)),
    memoryBytes: column((time) => (340 + 60 * noise(seed, time / 9000, 1)) * MIB)
  }
  return { stepSeconds, at, series, markers: markers.filter((marker) => marker.at >= begin && marker.at <= to) }
}
