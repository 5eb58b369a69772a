import { preparePeers } from './harness/prepare-peers.ts'
import { PARTITIONS, chooseShapes } from './harness/shapes.ts'
import { buildLoader } from './harness/source-topic.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Measured } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { UsageError } from './harness/usage-error.ts'
import { withClusters } from './harness/with-clusters.ts'
import { MirrorBench } from './mirror/mirror-bench.ts'
import { mirrorResults } from './mirror/mirror-results.ts'
import { choosePeers } from './peers/all-peers.ts'

const PAIRED_PEERS = ['millrace', 'c-loop']

export const mirror: Suite = {
  name: 'mirror',
  description: 'how fast whole topics are copied, next to every other mirror',
  defaultSize: 'four shapes, every mirror once, under 20 minutes',
  options: ['quick', 'full', 'records', 'shapes', 'peers', 'runs', 'pairs', 'sweep', 'verify', 'directory'],
  run: runMirror
}

async function runMirror(options: SuiteOptions): Promise<Measured> {
  const { runs, pairs, sweep, verify, directory, log } = options
  const shapes = chooseShapes(options.shapes, options)
  const peers = choosePeers(options.peers ?? (pairs === undefined ? undefined : PAIRED_PEERS))
  if (pairs !== undefined && peers.length !== 2) throw new UsageError('--pairs needs two of --peers')
  const [firstShape] = shapes
  return withClusters(directory, async (clusters) => {
    const { present, notRun, versions } = await preparePeers(peers, clusters.directory, log)
    const bench = new MirrorBench({ clusters, loader: await buildLoader(clusters.directory), verify, log })
    if (!sweep && firstShape !== undefined) await bench.sweepOnce(present, firstShape, shapes)
    if (pairs === undefined) await bench.runInTurns(present, shapes, { runs, sweep })
    else await bench.runPairs(present, shapes, pairs)
    const details = {
      partitions: PARTITIONS,
      shapes,
      peers: peers.map((peer) => {
        const missing = notRun.find(({ name }) => name === peer.name)?.why
        return {
          name: peer.name,
          title: peer.title,
          ...(missing === undefined ? {} : { missing }),
          settings: Object.fromEntries(shapes.map((shape) => [shape.name, peer.settings(shape)]))
        }
      }),
      checked: verify ? ('every record' as const) : ('counts and a sample' as const),
      measurements: bench.measurements(present, shapes),
      paired: bench.paired,
      sweeps: bench.sweeps
    }
    return { ...mirrorResults(details), versions }
  })
}
