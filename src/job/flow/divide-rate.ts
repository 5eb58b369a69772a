/** A worker that uses this much of its share could use more. */
const HUNGRY = 0.95
/** What a worker that has enough gets beyond what it uses: less than a hungry one would notice. */
const HEADROOM = 1.08
const LEAST_SHARE = 0.005

/** What a worker uses of a rate; undefined = not known yet: it is starting, and needs nothing before it has joined. */
export interface RateUse {
  readonly perSecond: number | undefined
  readonly share: number | undefined
}

/**
 * Divides a rate over workers by their need: who has enough keeps a little more than it uses, the others share the rest
 * evenly. The sum is `total`, so the job's limit holds at every moment.
 */
export function divideRate(total: number, uses: readonly RateUse[]): number[] {
  const needs = uses.map(({ perSecond, share }) => {
    if (share !== undefined && perSecond !== undefined && perSecond >= share * HUNGRY) return Infinity
    return (perSecond ?? 0) * HEADROOM + total * LEAST_SHARE
  })
  const shares = new Array<number>(uses.length).fill(0)
  const byNeed = [...needs.keys()].sort((a, b) => (needs[a] ?? 0) - (needs[b] ?? 0))
  let left = total
  for (const [done, worker] of byNeed.entries()) {
    const share = Math.min(needs[worker] ?? 0, left / (byNeed.length - done))
    shares[worker] = share
    left -= share
  }
  return shares.map((share) => share + left / shares.length)
}
