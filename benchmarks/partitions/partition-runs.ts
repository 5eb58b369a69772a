import type { Clusters } from '../harness/clusters.ts'
import { copyTopic } from '../harness/copy-topic.ts'
import type { Shape } from '../harness/shapes.ts'
import { buildLoader, loadSourceTopic } from '../harness/source-topic.ts'
import { steadyState, type Figures } from '../harness/steady-state.ts'
import type { Peer } from '../peers/peer.ts'

export interface PartitionRunOptions {
  readonly shape: Shape
  readonly peers: readonly Peer[]
  readonly counts: readonly number[]
  readonly rounds: number
  readonly verify: boolean
  readonly log: (line: string) => void
}

/** How a peer did with so many partitions. */
export interface PartitionMeasurement {
  readonly partitions: number
  readonly peer: string
  readonly runs: readonly Figures[]
}

/** All counts and peers once a round; every other round backwards, so that nobody always comes first. */
export async function partitionRuns(
  clusters: Clusters,
  { shape, peers, counts, rounds, verify, log }: PartitionRunOptions
): Promise<{ readonly measurements: readonly PartitionMeasurement[]; readonly failures: readonly string[] }> {
  const loader = await buildLoader(clusters.directory)
  for (const peer of peers) await peer.prepare(clusters.directory)
  const topics = new Map<number, string>()
  for (const count of counts) {
    log(`loading ${count} partitions`)
    topics.set(count, await loadSourceTopic(loader, clusters, shape, count))
  }
  const cases = counts.flatMap((count) => peers.map((peer) => ({ count, peer, runs: [] as Figures[] })))
  const failures: string[] = []
  for (let round = 0; round < rounds; round++) {
    for (const { count, peer, runs } of round % 2 === 0 ? cases : cases.toReversed()) {
      const name = `${count} partitions, ${peer.name}`
      try {
        const sourceTopic = topics.get(count) ?? ''
        const samples = await copyTopic({ clusters, peer, shape, partitions: count, sourceTopic, verify })
        const figures = steadyState(samples, shape.records)
        runs.push(figures)
        const speed = `${Math.round(figures.recordsPerSecond / 1000)} k/s, ${figures.cpuMicrosPerRecord.toFixed(2)} µs`
        log(`${name}: ${speed}`)
      } catch (error) {
        failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
        log(`${name}: FAILED`)
      }
    }
  }
  return {
    measurements: cases.map(({ count, peer, runs }) => ({ partitions: count, peer: peer.name, runs })),
    failures
  }
}
