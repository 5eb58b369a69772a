import type { JobFigures, Rates } from '../../api/contract.ts'
import type { JobSnapshot } from '../../job/job-types.ts'
import { lagOf } from '../../job/lag-of.ts'
import { limitingSide, limitShares, NO_SHARES } from './limits.ts'
import type { TimedSnapshot } from './snapshot-window.ts'

/** What a snapshot does not know. */
export interface RunFacts {
  /** limits.memory. */
  readonly memoryLimit: number
  /** Resident memory of the process that supervises the workers. */
  readonly supervisorBytes: number
  /** Losses that were told in this run. */
  readonly losses: number
}

const NO_RATES: Rates = { recordsIn: 0, recordsOut: 0, bytesIn: 0, bytesOut: 0 }

/** What the console shows of a job; rates are those between the two snapshots, of one run. */
export function jobFigures(base: TimedSnapshot | undefined, newest: TimedSnapshot, facts: RunFacts): JobFigures {
  const { snapshot } = newest
  const rates = base === undefined ? NO_RATES : ratesBetween(base, newest)
  const lagRecords = lagOfAll(snapshot)
  const latency = snapshot.replicationLatency.recent
  return {
    records: snapshot.totals.records,
    bytes: snapshot.totals.bytes,
    rates,
    lagRecords,
    lagSeconds: lagSeconds(lagRecords, rates.recordsOut),
    replicationLatencyMs:
      latency === undefined ? null : { p50: latency.p50Seconds * 1000, p99: latency.p99Seconds * 1000 },
    inFlightBytes: sum(snapshot.workers, ({ inFlightBytes }) => inFlightBytes),
    inFlightLimit: sum(snapshot.workers, ({ inFlightLimit }) => inFlightLimit),
    limiting: snapshot.state === 'RUNNING' ? limitingSide(snapshot.limits.recent) : 'nothing',
    limitShares: limitShares(snapshot.limits.recent),
    notCopied: {
      deadLettered: snapshot.totals.deadLettered,
      skipped: snapshot.totals.skipped,
      altered: snapshot.totals.altered,
      losses: facts.losses
    },
    memoryBytes: sum(snapshot.workers, ({ rssBytes }) => rssBytes) + facts.supervisorBytes,
    memoryLimit: facts.memoryLimit,
    workerRestarts: snapshot.restarts
  }
}

/** Of a run that has ended: what it did stays, what it was doing does not. */
export function endedFigures(last: JobFigures): JobFigures {
  return {
    ...last,
    rates: NO_RATES,
    lagSeconds: null,
    replicationLatencyMs: null,
    inFlightBytes: 0,
    limiting: 'nothing',
    limitShares: NO_SHARES,
    memoryBytes: 0
  }
}

/** Null as long as the end of no partition is known. */
function lagOfAll({ partitions }: JobSnapshot): number | null {
  let lag: number | null = null
  for (const partition of partitions) {
    const one = lagOf(partition)
    if (one !== undefined) lag = (lag ?? 0) + one
  }
  return lag
}

function lagSeconds(lag: number | null, rate: number): number | null {
  if (lag === 0) return 0
  return lag === null || rate <= 0 ? null : lag / rate
}

function ratesBetween(base: TimedSnapshot, newest: TimedSnapshot): Rates {
  const seconds = (newest.at - base.at) / 1000
  if (seconds <= 0) return NO_RATES
  const [before, now] = [readOf(base.snapshot), readOf(newest.snapshot)]
  const rate = (from: number, to: number): number => Math.max(0, to - from) / seconds
  return {
    recordsIn: rate(before.records, now.records),
    recordsOut: rate(base.snapshot.totals.records, newest.snapshot.totals.records),
    bytesIn: rate(before.bytes, now.bytes),
    bytesOut: rate(base.snapshot.totals.bytes, newest.snapshot.totals.bytes)
  }
}

function readOf({ partitions }: JobSnapshot): { readonly records: number; readonly bytes: number } {
  let [records, bytes] = [0, 0]
  for (const { readRecords, readBytes } of partitions) {
    records += readRecords
    bytes += readBytes
  }
  return { records, bytes }
}

function sum<T>(of: readonly T[], value: (one: T) => number): number {
  return of.reduce((total, one) => total + value(one), 0)
}
