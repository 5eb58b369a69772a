import { cLoop } from './c-loop.ts'
import { millrace } from './millrace.ts'
import { nodeRdkafkaLoop } from './node-rdkafka-loop.ts'
import type { Peer } from './peer.ts'

export function choosePeers(names: readonly string[] | undefined): readonly Peer[] {
  const all = [millrace(), cLoop(), nodeRdkafkaLoop()]
  const unknown = names?.find((name) => !all.some((peer) => peer.name === name))
  if (unknown !== undefined) {
    throw new Error(`no such peer: ${unknown}; there are ${all.map(({ name }) => name).join(', ')}`)
  }
  return all.filter(({ name }) => names?.includes(name) ?? true)
}
