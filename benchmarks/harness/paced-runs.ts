import type { LastingPeer } from '../peers/lasting-peer.ts'
import type { Clusters } from './clusters.ts'
import { median } from './median.ts'
import { pacedCopy, type PacedCopy } from './paced-copy.ts'
import { StampPrograms, type Pace } from './stamps.ts'
import type { NotRun } from './suite-results.ts'

/** A pace that every mirror has to keep. */
export interface PacedCase {
  /** For tables. */
  readonly name: string
  readonly topics: number
  readonly partitions: number
  readonly pace: Pace
}

export interface PacedMeasurement {
  readonly case: PacedCase
  readonly peer: string
  /** In the order in which they ran. */
  readonly runs: readonly PacedCopy[]
}

export interface PacedResults {
  readonly measurements: readonly PacedMeasurement[]
  readonly notRun: readonly NotRun[]
  readonly failures: readonly string[]
}

export interface PacedRunOptions {
  readonly cases: readonly PacedCase[]
  readonly peers: readonly LastingPeer[]
  readonly runs: number
  readonly warmUpSeconds: number
  readonly log: (line: string) => void
}

const BROKER_WARM_UP_SECONDS = 30

/** Every mirror on every case, then again: what drifts, drifts for all. A mirror that failed on a case is not tried there again. */
export async function pacedRuns(clusters: Clusters, options: PacedRunOptions): Promise<PacedResults> {
  const { cases, peers, runs, warmUpSeconds, log } = options
  const notRun: NotRun[] = []
  const failures = new Map<string, string>()
  const copies = new Map<string, PacedCopy[]>()
  const key = (paced: PacedCase, peer: LastingPeer): string => `${paced.name} ${peer.name}`
  const programs = await StampPrograms.build(clusters.directory)
  for (const peer of peers) {
    const why = await missingOrUnprepared(peer, clusters.directory)
    if (why !== undefined) notRun.push({ name: peer.name, why })
  }
  const present = peers.filter((peer) => !notRun.some(({ name }) => name === peer.name))
  const copyOf = async ({ topics, partitions, pace }: PacedCase, peer: LastingPeer): Promise<PacedCopy> =>
    await pacedCopy({ clusters, programs, peer, topics, partitions, pace, warmUpSeconds })
  // A broker that has just started answers slowly, and its JVM compiles for tens of thousands of requests, on the cores
  // that the mirrors run on: whoever came first would pay for it. So that is paid in runs that do not count; what goes
  // wrong in them goes wrong again in those that do.
  const [first] = present
  if (first !== undefined) {
    for (const paced of cases) {
      log(`${paced.name}: a run that does not count, to warm up the brokers`)
      await copyOf({ ...paced, pace: { ...paced.pace, seconds: BROKER_WARM_UP_SECONDS } }, first).catch(() => undefined)
    }
  }
  for (let run = 0; run < runs; run++) {
    for (const paced of cases) {
      for (const peer of present) {
        const name = key(paced, peer)
        if (failures.has(name)) continue
        try {
          const copy = await copyOf(paced, peer)
          copies.set(name, [...(copies.get(name) ?? []), copy])
          const { p50, p99, p999 } = copy.latencyMs
          log(`${name}: p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, p99.9 ${p999.toFixed(1)} ms`)
        } catch (error) {
          const failure = `${name}: ${error instanceof Error ? error.message : String(error)}`
          failures.set(name, failure)
          log(`FAILED, ${failure}`)
        }
      }
    }
  }
  const measurements = cases.flatMap((paced) =>
    present.map((peer) => ({ case: paced, peer: peer.name, runs: copies.get(key(paced, peer)) ?? [] }))
  )
  return { measurements, notRun, failures: [...failures.values()] }
}

/** The median over the runs of one figure; undefined when there is no run. */
export function medianOf(
  measurement: PacedMeasurement | undefined,
  figure: (copy: PacedCopy) => number
): number | undefined {
  if (measurement === undefined || measurement.runs.length === 0) return undefined
  return median(measurement.runs.map(figure))
}

async function missingOrUnprepared(peer: LastingPeer, directory: string): Promise<string | undefined> {
  const missing = await peer.missing()
  if (missing !== undefined) return missing
  return await peer.prepare(directory).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error))
  )
}
