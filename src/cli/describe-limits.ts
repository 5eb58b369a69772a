import type { LatencyQuantiles } from '../telemetry/metrics/job-metrics.ts'
import type { LimitSeconds } from '../telemetry/metrics/limit-clock.ts'

type LimitingSide = 'source' | 'mirror' | 'target' | 'rate'

export const LIMITING_SIDES: readonly LimitingSide[] = ['source', 'mirror', 'target', 'rate']
/** Less than this, and nothing can be said of it. */
const LEAST_SECONDS = 1

/** What to do about it, in few words; docs/tuning.md has the others. */
export const LIMIT_HINTS: Readonly<Record<LimitingSide, string>> = {
  source: 'records arrive slowly: look at quotas, network and disks of the source',
  mirror: 'a thread of a worker is busy all the time: more workers, if there are free processors',
  target: 'acknowledgements arrive slowly: look at quotas, network and replicas of the target, compress',
  rate: 'that is what limits.rate asks for; millrace control NAME rate changes it'
}

export interface DescribedLimits {
  /** `limited by target 82 % (source 3 %, mirror 15 %)`, or that nothing limits. */
  readonly what: string
  /** Undefined when there is nothing to do. */
  readonly hint: string | undefined
}

/** Which side limited in the last seconds; undefined while too little is known. */
export function describeLimits(recent: LimitSeconds): DescribedLimits | undefined {
  const working = LIMITING_SIDES.reduce((sum, side) => sum + recent[side], 0)
  const all = working + recent.idle
  if (all < LEAST_SECONDS) return undefined
  if (recent.idle > working)
    return { what: `not limited: nothing to copy ${percent(recent.idle / all)} of the time`, hint: undefined }
  const [first = 'mirror', ...others] = [...LIMITING_SIDES].sort((a, b) => recent[b] - recent[a])
  const rest = LIMITING_SIDES.filter((side) => others.includes(side) && (side !== 'rate' || recent.rate > 0)).map(
    (side) => `${side} ${percent(recent[side] / all)}`
  )
  if (recent.idle > 0) rest.push(`idle ${percent(recent.idle / all)}`)
  return { what: `limited by ${first} ${percent(recent[first] / all)} (${rest.join(', ')})`, hint: LIMIT_HINTS[first] }
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** `latency p50 12 ms, p99 1.3 s`, of the last seconds; undefined when nothing was delivered in them. */
export function describeLatency(recent: LatencyQuantiles | undefined): string | undefined {
  if (recent === undefined) return undefined
  return `latency p50 ${formatLatency(recent.p50Seconds)}, p99 ${formatLatency(recent.p99Seconds)}`
}

/** `12 ms`, `1.3 s`, `5.0 min`, `2.5 h` */
export function formatLatency(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const minutes = seconds / 60
  return minutes < 59.95 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`
}
