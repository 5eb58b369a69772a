import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { administer, createTopic } from '../../test/helpers/checker.ts'
import type { Peer } from '../peers/peer.ts'
import { checkCopy } from './check-copy.ts'
import type { Clusters } from './clusters.ts'
import { runPeer } from './run-peer.ts'
import type { Shape } from './shapes.ts'
import type { Sample } from './steady-state.ts'

export interface TopicCopy {
  readonly clusters: Clusters
  readonly peer: Peer
  readonly shape: Shape
  readonly partitions: number
  readonly sourceTopic: string
  /** Compare every record. */
  readonly verify: boolean
}

/** Slow enough for the slowest peer on a busy machine. */
const LEAST_RECORDS_PER_SECOND = 20_000
const LEAST_BYTES_PER_SECOND = 20e6
const START_AND_END_MS = 60_000

let count = 0

/** Lets a peer copy a loaded topic into a fresh one and checks what arrived. The copy is gone afterwards. */
export async function copyTopic(copy: TopicCopy): Promise<readonly Sample[]> {
  const { clusters, peer, shape, partitions, sourceTopic, verify } = copy
  const source = { bootstrap: clusters.source.bootstrapServers }
  const target = { bootstrap: clusters.target.bootstrapServers }
  const targetTopic = `copy-${count++}-${peer.name}`
  const directory = join(clusters.directory, targetTopic)
  await mkdir(directory)
  await createTopic(target, targetTopic, partitions)
  try {
    const run = { shape, partitions, source: source.bootstrap, target: target.bootstrap, sourceTopic, targetTopic }
    const command = await peer.command({ ...run, directory })
    const samples = await runPeer(command, { clusters, targetTopic, partitions, timeoutMs: timeLimit(shape) })
    await checkCopy({ source, target, sourceTopic, targetTopic, everything: verify })
    return samples
  } finally {
    await administer(target, 'delete_topic', { topic: targetTopic })
    await rm(directory, { recursive: true, force: true })
  }
}

function timeLimit({ records, bytes }: Shape): number {
  const seconds = Math.max(records / LEAST_RECORDS_PER_SECOND, (records * bytes) / LEAST_BYTES_PER_SECOND)
  return START_AND_END_MS + seconds * 1000
}
