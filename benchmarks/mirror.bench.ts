import { PARTITIONS, chooseShapes } from './harness/shapes.ts'
import type { SuiteOptions } from './harness/suite-options.ts'
import type { Measured } from './harness/suite-results.ts'
import type { Suite } from './harness/suite.ts'
import { withClusters } from './harness/with-clusters.ts'
import { MirrorBench } from './mirror/mirror-bench.ts'
import { mirrorResults } from './mirror/mirror-results.ts'
import { choosePeers } from './peers/all-peers.ts'

const PAIRED_PEERS = ['millrace', 'c-loop']

export const mirror: Suite = {
  name: 'mirror',
  description: 'how fast whole topics are copied, next to every other mirror',
  defaultSize: 'four shapes, every mirror once',
  options: ['quick', 'records', 'shapes', 'peers', 'runs', 'pairs', 'verify', 'directory'],
  run: runMirror
}

async function runMirror(options: SuiteOptions): Promise<Measured> {
  const { quick, records, runs, pairs, verify, directory, log } = options
  const shapes = chooseShapes(options.shapes, { quick, records })
  const peers = choosePeers(options.peers ?? (pairs === undefined ? undefined : PAIRED_PEERS))
  const missing = await Promise.all(peers.map(async (peer) => peer.missing()))
  const present = peers.filter((_, index) => missing[index] === undefined)
  for (const [index, peer] of peers.entries()) {
    if (missing[index] !== undefined) log(`${peer.name}: not run, ${missing[index]}`)
  }
  const bench = await withClusters(directory, async (clusters) => {
    const started = new MirrorBench(clusters, { shapes, verify, log })
    await started.prepare(present)
    if (pairs === undefined) await started.runInTurns(present, runs)
    else await started.runPairs(present, pairs)
    return started
  })
  return mirrorResults({
    partitions: PARTITIONS,
    shapes,
    peers: peers.map((peer, index) => ({
      name: peer.name,
      title: peer.title,
      ...(missing[index] === undefined ? {} : { missing: missing[index] }),
      settings: Object.fromEntries(shapes.map((shape) => [shape.name, peer.settings(shape)]))
    })),
    checked: verify ? 'every record' : 'counts and a sample',
    measurements: bench.measurements(present),
    paired: bench.paired
  })
}
