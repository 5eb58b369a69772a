import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Verification } from '../src/verify/verify-types.ts'
import { administer, createTopic } from '../test/helpers/checker.ts'
import { runSuccessfully } from '../test/helpers/run-command.ts'
import { isComplete } from './harness/check-copy.ts'
import type { Clusters } from './harness/clusters.ts'
import { median } from './harness/median.ts'
import { preparePeers } from './harness/prepare-peers.ts'
import { runPeer } from './harness/run-peer.ts'
import { PARTITIONS, chooseShapes, type Shape } from './harness/shapes.ts'
import { buildLoader, withSourceTopic } from './harness/source-topic.ts'
import { steadyState } from './harness/steady-state.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Measured } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { withClusters } from './harness/with-clusters.ts'
import { MAIN, millrace } from './peers/millrace.ts'

const USUAL = ['100B']
const RUNS = 3
const LEAST_SHARE = 0.6
const TIMEOUT_MS = 600_000

interface VerifyRun {
  readonly shape: string
  readonly mirror: number
  readonly verify: number
}

export const verify: Suite = {
  name: 'verify',
  description: 'how fast a copy is verified, record by record, next to the mirror that made it',
  defaultSize: '100 B, three copies, each verified: about two minutes',
  options: ['quick', 'records', 'shapes', 'runs', 'directory'],
  run: runVerify
}

async function runVerify(options: SuiteOptions): Promise<Measured> {
  const { directory, log } = options
  const shapes = chooseShapes(options.shapes ?? USUAL, options)
  const runs: VerifyRun[] = []
  const notRun = await withClusters(directory, async (clusters) => {
    const prepared = await preparePeers([millrace()], clusters.directory, log)
    const loader = await buildLoader(clusters.directory)
    for (const shape of shapes) {
      log(`loading ${shape.name}: ${shape.records.toLocaleString('en')} records`)
      await withSourceTopic(loader, clusters, shape, async (sourceTopic) => {
        for (let run = 0; run < Math.max(RUNS, options.runs); run++) {
          const measured = await copyAndVerify(clusters, shape, sourceTopic, `verified-${shape.name}-${run}`)
          runs.push(measured)
          log(`${shape.name}: mirror ${count(measured.mirror)}/s, verify ${count(measured.verify)}/s`)
        }
      })
    }
    return prepared.notRun
  })
  return {
    note: `A topic is copied by \`millrace run\` and then compared with its source by \`millrace verify --full\`, which reads both sides: two records for
one. The mirror's figure is that of its steady state, that of verify includes the beginning and the end.`,
    sections: [
      {
        title: 'Speed',
        columns: [
          { title: 'shape' },
          { title: 'mirror records/s', figure: true },
          { title: 'verify records/s', figure: true },
          { title: 'verify ÷ mirror', figure: true }
        ],
        rows: shapes.map(({ name }) => {
          const of = runs.filter(({ shape }) => shape === name)
          return [
            name,
            count(median(of.map(({ mirror }) => mirror))),
            count(median(of.map((run) => run.verify))),
            shareOf(of).toFixed(2)
          ]
        })
      }
    ],
    bars: shapes.map(({ name }) => {
      const share = shareOf(runs.filter(({ shape }) => shape === name))
      return {
        what: `${name}: records/s, verify ÷ mirror`,
        measured: share.toFixed(2),
        wanted: `≥ ${LEAST_SHARE}`,
        met: share >= LEAST_SHARE
      }
    }),
    ratios: shapes.map(({ name, records }) => ({
      what: `${name}: verify records/s`,
      control: 'mirror',
      size: `${records} records`,
      better: 'higher',
      samples: runs.filter(({ shape }) => shape === name).map((run) => run.verify / run.mirror)
    })),
    notRun,
    failures: [],
    details: { runs }
  }
}

async function copyAndVerify(clusters: Clusters, shape: Shape, sourceTopic: string, id: string): Promise<VerifyRun> {
  const source = { bootstrap: clusters.source.bootstrapServers }
  const target = { bootstrap: clusters.target.bootstrapServers }
  const directory = join(clusters.directory, id)
  await mkdir(directory)
  await createTopic(target, id, PARTITIONS)
  try {
    const command = await millrace().command({
      id,
      shape,
      partitions: PARTITIONS,
      source: source.bootstrap,
      target: target.bootstrap,
      sourceTopic,
      targetTopic: id,
      directory
    })
    const samples = await runPeer(command, {
      clusters,
      targetTopic: id,
      partitions: PARTITIONS,
      timeoutMs: TIMEOUT_MS,
      isComplete: () => isComplete({ source, target, sourceTopic, targetTopic: id })
    })
    const file = command.args.find((argument) => argument.endsWith('.yaml')) ?? ''
    const stdout = await runSuccessfully(process.execPath, [MAIN, 'verify', file, '-o', 'json'], {
      timeoutMs: TIMEOUT_MS
    })
    const { recordsPerSecond } = JSON.parse(stdout) as Verification
    return {
      shape: shape.name,
      mirror: steadyState(samples, shape.records).recordsPerSecond,
      verify: recordsPerSecond
    }
  } finally {
    await administer(target, 'delete_topics', { containing: id })
    await rm(directory, { recursive: true, force: true })
  }
}

function shareOf(runs: readonly VerifyRun[]): number {
  return median(runs.map((run) => run.verify / run.mirror))
}

function count(records: number): string {
  return Math.round(records).toLocaleString('en')
}
