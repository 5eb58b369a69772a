import { UsageError } from '../harness/usage-error.ts'
import { cLoop } from './c-loop.ts'
import { franzGo } from './franz-go.ts'
import { kcat } from './kcat.ts'
import { millrace } from './millrace.ts'
import { mirrorMakerStock, mirrorMakerTuned, mirrorMakerWithTasks } from './mirror-maker.ts'
import { nativeLoop } from './native-loop.ts'
import { nodeRdkafkaLoop } from './node-rdkafka-loop.ts'
import type { Peer } from './peer.ts'

/** Competitors and controls. */
const USUAL = [
  millrace(),
  cLoop(),
  franzGo(),
  nodeRdkafkaLoop(),
  mirrorMakerStock(),
  mirrorMakerWithTasks(),
  mirrorMakerTuned(),
  kcat()
]
/** To find out where the time goes; run when named. */
const EXTRA = [nativeLoop()]

/** In the order of the names: of a pair, the second is the control. */
export function choosePeers(names: readonly string[] | undefined): readonly Peer[] {
  if (names === undefined) return USUAL
  const all = [...USUAL, ...EXTRA]
  return [...new Set(names)].map((name) => {
    const peer = all.find((each) => each.name === name)
    if (peer) return peer
    throw new UsageError(`no such peer: ${name}; there are ${all.map((each) => each.name).join(', ')}`)
  })
}
