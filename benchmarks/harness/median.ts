export interface MedianInterval {
  readonly median: number
  readonly low: number
  readonly high: number
  /** What the interval covers the true median with: exact, from the binomial distribution. */
  readonly confidence: number
}

const WANTED_CONFIDENCE = 0.95

export function median(values: readonly number[]): number {
  const sorted = ascending(values)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined) throw new Error('no values')
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/**
 * The narrowest interval between two of the values that holds the median with 95 % confidence, whatever the
 * distribution. With fewer than six values there is none: then it is the whole range, at the confidence that it has.
 */
export function medianInterval(values: readonly number[]): MedianInterval {
  const sorted = ascending(values)
  const count = sorted.length
  let rank = 0
  // Between the values of rank k and n-1-k (from 0) lies the median unless at most k of n fair coins fell on one side.
  while (rank + 1 < count / 2 && 1 - 2 * atMost(rank + 1, count) >= WANTED_CONFIDENCE) rank++
  const low = sorted[rank]
  const high = sorted[count - 1 - rank]
  if (low === undefined || high === undefined) throw new Error('no values')
  return { median: median(sorted), low, high, confidence: 1 - 2 * atMost(rank, count) }
}

/** P(X ≤ k) for n tosses of a fair coin. */
function atMost(most: number, tosses: number): number {
  let ways = 1
  let sum = 1
  for (let k = 1; k <= most; k++) {
    ways = (ways * (tosses - k + 1)) / k
    sum += ways
  }
  return sum / 2 ** tosses
}

function ascending(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b)
}
