import type { Shape } from '../harness/shapes.ts'
import type { LastingPeer } from './lasting-peer.ts'
import type { Peer } from './peer.ts'

/** What is told of records is only their codec. */
const SHAPE: Shape = { name: 'paced', records: 0, bytes: 0, codec: 'none', payload: 'random' }

/** MirrorMaker never ends anyway, and its topics are given as a pattern. */
export function lastingMirrorMaker(peer: Peer): LastingPeer {
  const { name, title, targetTopic } = peer
  if (targetTopic === undefined) throw new Error(`${name} does not say how it names topics`)
  return {
    name,
    title,
    missing: async () => peer.missing(),
    prepare: async (directory) => void (await peer.prepare(directory)),
    settings: () => peer.settings(SHAPE),
    targetPrefix: ({ id, prefix }) => targetTopic(id, prefix),
    async command({ id, source, target, prefix, directory }) {
      const topics = `${prefix}[0-9]+`
      const names = { sourceTopic: topics, targetTopic: targetTopic(id, topics) }
      return peer.command({ id, shape: SHAPE, partitions: 0, source, target, directory, ...names })
    }
  }
}
