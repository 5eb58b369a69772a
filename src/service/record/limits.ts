import type { LimitShares, LimitingSide } from '../../api/contract.ts'
import type { LimitSeconds } from '../../telemetry/metrics/limit-clock.ts'

const SIDES = ['source', 'mirror', 'target', 'rate'] as const
const NAMES: Readonly<Record<(typeof SIDES)[number], LimitingSide>> = {
  source: 'source',
  mirror: 'mirror',
  target: 'target',
  rate: 'rate limit'
}
/** Less than this, and nothing can be said of it. */
const LEAST_SECONDS = 1

export const NO_SHARES: LimitShares = { source: 0, mirror: 0, target: 0, rate: 0 }

/** Of all time, that without anything to copy included: who idles is not limited by what the rest waited for. */
export function limitShares(recent: LimitSeconds): LimitShares {
  const all = recent.source + recent.mirror + recent.target + recent.rate + recent.idle
  if (all <= 0) return NO_SHARES
  const [source, mirror, target, rate] = SIDES.map((side) => recent[side] / all)
  return { source: source ?? 0, mirror: mirror ?? 0, target: target ?? 0, rate: rate ?? 0 }
}

/** Which side limited in the last seconds. */
export function limitingSide(recent: LimitSeconds): LimitingSide {
  const working = SIDES.reduce((sum, side) => sum + recent[side], 0)
  if (working + recent.idle < LEAST_SECONDS || recent.idle > working) return 'nothing'
  const first = SIDES.reduce((most, side) => (recent[side] > recent[most] ? side : most))
  return NAMES[first]
}
