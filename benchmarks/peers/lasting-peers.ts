import { UsageError } from '../harness/usage-error.ts'
import { lastingMillrace } from './lasting-millrace.ts'
import { lastingMirrorMaker } from './lasting-mirror-maker.ts'
import type { LastingPeer } from './lasting-peer.ts'
import { mirrorMakerStock, mirrorMakerTuned } from './mirror-maker.ts'

/** Those that can run until they are stopped. */
export function chooseLastingPeers(names: readonly string[] | undefined): readonly LastingPeer[] {
  const all = [lastingMillrace(), lastingMirrorMaker(mirrorMakerStock()), lastingMirrorMaker(mirrorMakerTuned())]
  if (names === undefined) return all
  const unknown = names.find((name) => !all.some((peer) => peer.name === name))
  if (unknown !== undefined) {
    throw new UsageError(`no such mirror: ${unknown}; there are ${all.map(({ name }) => name).join(', ')}`)
  }
  return all.filter(({ name }) => names.includes(name))
}
