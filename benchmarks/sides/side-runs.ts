import { administer, createTopic } from '../../test/helpers/checker.ts'
import { runSuccessfully } from '../../test/helpers/run-command.ts'
import { checkCopy } from '../harness/check-copy.ts'
import type { Clusters } from '../harness/clusters.ts'
import { PARTITIONS, type Shape } from '../harness/shapes.ts'
import { buildLoader, withSourceTopic } from '../harness/source-topic.ts'
import type { SideName, SidePeer } from './side-peers.ts'
import type { SideReport } from './side-report.ts'

const TIMEOUT_MS = 180_000

export interface SideRunOptions {
  readonly side: SideName
  readonly shapes: readonly Shape[]
  readonly peers: readonly SidePeer[]
  readonly runs: number
  readonly verify: boolean
  readonly log: (line: string) => void
}

export interface SideMeasurement {
  readonly shape: Shape
  readonly peer: string
  /** In the order in which they ran. */
  readonly runs: readonly SideReport[]
}

export interface SideResults {
  readonly measurements: readonly SideMeasurement[]
  readonly failures: readonly string[]
}

let count = 0

/** Every peer once a round on a shape; every other round backwards, so that nobody always comes first. */
export async function sideRuns(clusters: Clusters, options: SideRunOptions): Promise<SideResults> {
  const { side, shapes, peers, runs, log } = options
  const loader = await buildLoader(clusters.directory)
  for (const peer of peers) await peer.prepare(clusters.directory)
  const measurements: SideMeasurement[] = []
  const failures: string[] = []
  for (const shape of shapes) {
    log(`loading ${shape.name}: ${shape.records.toLocaleString('en')} records`)
    const cases = peers.map((peer) => ({ peer, reports: [] as SideReport[] }))
    await withSourceTopic(loader, clusters, shape, async (sourceTopic) => {
      for (let round = 0; round < runs; round++) {
        for (const { peer, reports } of round % 2 === 0 ? cases : cases.toReversed()) {
          const name = `${side} ${shape.name} ${peer.name}`
          try {
            const report = await runSide(clusters, options, { peer, shape, sourceTopic })
            reports.push(report)
            const { measured, seconds, cpuSeconds } = report
            const speed = `${Math.round(measured / seconds / 1000)} k/s`
            log(`${name}: ${speed}, ${((cpuSeconds / measured) * 1e6).toFixed(2)} µs`)
          } catch (error) {
            failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
            log(`${name}: FAILED`)
          }
        }
      }
    })
    measurements.push(...cases.map(({ peer, reports }) => ({ shape, peer: peer.name, runs: reports })))
  }
  return { measurements, failures }
}

interface SideRun {
  readonly peer: SidePeer
  readonly shape: Shape
  readonly sourceTopic: string
}

async function runSide(
  clusters: Clusters,
  { side, verify }: SideRunOptions,
  { peer, shape, sourceTopic }: SideRun
): Promise<SideReport> {
  const source = { bootstrap: clusters.source.bootstrapServers }
  const target = { bootstrap: clusters.target.bootstrapServers }
  const targetTopic = `side-${count++}-${peer.name}`
  const { records, codec } = shape
  const { command, args, env } = peer.command(side, shape, {
    source: source.bootstrap,
    target: target.bootstrap,
    sourceTopic,
    targetTopic,
    codec,
    records
  })
  if (side === 'produce') await createTopic(target, targetTopic, PARTITIONS)
  try {
    const output = await runSuccessfully(command, args, { env: { ...process.env, ...env }, timeoutMs: TIMEOUT_MS })
    const report = JSON.parse(output) as SideReport
    if (report.records !== records || report.bytes !== records * shape.bytes) {
      throw new Error(`${report.records} records of ${report.bytes} B came through`)
    }
    if (side === 'produce') {
      await checkCopy({ source, target, sourceTopic, targetTopic, everything: verify, timestamps: true })
    }
    return report
  } finally {
    if (side === 'produce') await administer(target, 'delete_topic', { topic: targetTopic })
  }
}
