import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { administer, createTopic } from '../../test/helpers/checker.ts'
import type { Peer } from '../peers/peer.ts'
import { checkCopy, isComplete } from './check-copy.ts'
import type { Clusters } from './clusters.ts'
import { runPeer } from './run-peer.ts'
import type { Shape } from './shapes.ts'
import { OPEN_LINK, type LinkQuality } from './start-link.ts'
import type { Sample } from './steady-state.ts'

export interface TopicCopy {
  readonly clusters: Clusters
  readonly peer: Peer
  readonly shape: Shape
  readonly partitions: number
  readonly sourceTopic: string
  /** Compare every record. */
  readonly verify: boolean
  /** Of the link to the far cluster while the mirror runs; before and after that it is open. */
  readonly link?: LinkQuality
}

/** Slow enough for the slowest peer on a busy machine. */
const LEAST_RECORDS_PER_SECOND = 20_000
const LEAST_BYTES_PER_SECOND = 20e6
/** A JVM on a busy machine. */
const START_AND_END_MS = 120_000

let count = 0

/** Lets a peer copy a loaded topic into a fresh one and checks what arrived. The copy is gone afterwards. */
export async function copyTopic(copy: TopicCopy): Promise<readonly Sample[]> {
  const { clusters, peer, shape, partitions, sourceTopic, verify } = copy
  const source = { bootstrap: clusters.source.bootstrapServers }
  const target = { bootstrap: clusters.target.bootstrapServers }
  const id = `copy-${count++}-${peer.name}`
  const targetTopic = peer.targetTopic?.(id, sourceTopic) ?? id
  const topics = { source, target, sourceTopic, targetTopic }
  const directory = join(clusters.directory, id)
  await mkdir(directory)
  await createTopic(target, targetTopic, partitions)
  try {
    const brokers = { source: source.bootstrap, target: target.bootstrap }
    const command = await peer.command({ id, shape, partitions, ...brokers, sourceTopic, targetTopic, directory })
    await setLink(clusters, copy.link ?? OPEN_LINK)
    const samples = await runPeer(command, {
      clusters,
      targetTopic,
      partitions,
      timeoutMs: timeLimit(shape),
      isComplete: () => isComplete(topics)
    })
    await setLink(clusters, OPEN_LINK)
    await checkCopy({ ...topics, everything: verify, timestamps: peer.losesTimestamps !== true })
    return samples
  } finally {
    await setLink(clusters, OPEN_LINK)
    // Also topics of its own, in which a mirror keeps where it was.
    for (const cluster of [source, target]) await administer(cluster, 'delete_topics', { containing: id })
    await rm(directory, { recursive: true, force: true })
  }
}

async function setLink({ source, target }: Clusters, quality: LinkQuality): Promise<void> {
  await (source.link ?? target.link)?.set(quality)
}

function timeLimit({ records, bytes }: Shape): number {
  const seconds = Math.max(records / LEAST_RECORDS_PER_SECOND, (records * bytes) / LEAST_BYTES_PER_SECOND)
  return START_AND_END_MS + seconds * 1000
}
