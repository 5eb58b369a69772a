import { copyTopic } from '../harness/copy-topic.ts'
import type { Side } from '../harness/clusters.ts'
import { preparePeers } from '../harness/prepare-peers.ts'
import { PARTITIONS, type Shape } from '../harness/shapes.ts'
import { buildLoader, withSourceTopic } from '../harness/source-topic.ts'
import type { LinkQuality } from '../harness/start-link.ts'
import { steadyState, type Figures } from '../harness/steady-state.ts'
import type { NotRun } from '../harness/suite-results.ts'
import { withClusters } from '../harness/with-clusters.ts'
import type { Peer } from '../peers/peer.ts'

export interface FarRunOptions {
  /** The side that is at the other end of the link. */
  readonly far: Side
  readonly link: LinkQuality
  readonly shapes: readonly Shape[]
  readonly peers: readonly Peer[]
  readonly runs: number
  readonly verify: boolean
  readonly directory: string | undefined
  readonly log: (line: string) => void
}

export interface FarMeasurement {
  readonly far: Side
  readonly shape: Shape
  readonly peer: string
  readonly runs: readonly Figures[]
}

export interface FarResults {
  readonly measurements: readonly FarMeasurement[]
  readonly notRun: readonly NotRun[]
  readonly failures: readonly string[]
}

/** Every shape and peer in turns, with one side far away. */
export async function farRuns(options: FarRunOptions): Promise<FarResults> {
  const { far, link, shapes, peers, runs, verify, directory, log } = options
  const measurements: FarMeasurement[] = []
  const failures: string[] = []
  const notRun = await withClusters(
    directory,
    async (clusters): Promise<readonly NotRun[]> => {
      const prepared = await preparePeers(peers, clusters.directory, log)
      const loader = await buildLoader(clusters.directory)
      for (const shape of shapes) {
        const figures = prepared.present.map((): Figures[] => [])
        await withSourceTopic(loader, clusters, shape, async (sourceTopic) => {
          for (let run = 0; run < runs; run++) {
            for (const [index, peer] of prepared.present.entries()) {
              const name = `${far} far, ${shape.name} ${peer.name}`
              try {
                const copy = { clusters, peer, shape, partitions: PARTITIONS, sourceTopic, verify, link }
                const measured = steadyState(await copyTopic(copy), shape.records)
                figures[index]?.push(measured)
                log(`${name}: ${((measured.recordsPerSecond * shape.bytes) / 1e6).toFixed(1)} MB/s`)
              } catch (error) {
                failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
                log(`${name}: FAILED`)
              }
            }
          }
        })
        for (const [index, peer] of prepared.present.entries()) {
          measurements.push({ far, shape, peer: peer.name, runs: figures[index] ?? [] })
        }
      }
      return prepared.notRun
    },
    far
  )
  return { measurements, notRun, failures }
}
