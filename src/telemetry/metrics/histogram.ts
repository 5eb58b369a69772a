/**
 * What a histogram has counted, as plain JSON. `counts` has one entry more than there are bounds: the last one is for
 * what lies above all of them.
 */
export interface HistogramCounts {
  readonly counts: readonly number[]
  readonly sum: number
  readonly count: number
}

/**
 * Counts values of 0 and more by ranges.
 *
 * Invariant: a value belongs to the first bound that is not below it, and counts only grow.
 */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0
  #count = 0

  /** @param bounds inclusive upper bounds, ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  observe(value: number): void {
    const at = rangeOf(this.#bounds, value)
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#sum += value
    this.#count += 1
  }

  read(): HistogramCounts {
    return { counts: [...this.#counts], sum: this.#sum, count: this.#count }
  }
}

function rangeOf(bounds: readonly number[], value: number): number {
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((bounds[middle] ?? Infinity) < value) low = middle + 1
    else high = middle
  }
  return low
}

export function emptyHistogram(bounds: readonly number[]): HistogramCounts {
  return { counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0, count: 0 }
}

/** Both together; they must have the same bounds. */
export function addHistograms(a: HistogramCounts, b: HistogramCounts): HistogramCounts {
  return combine(a, b, 1)
}

/** What was counted between two readings of one histogram. */
export function sinceHistogram(newer: HistogramCounts, older: HistogramCounts): HistogramCounts {
  return combine(newer, older, -1)
}

function combine(a: HistogramCounts, b: HistogramCounts, sign: 1 | -1): HistogramCounts {
  if (a.counts.length !== b.counts.length) {
    throw new RangeError(`histograms of ${a.counts.length} and ${b.counts.length} ranges don't add up`)
  }
  return {
    counts: a.counts.map((count, at) => count + sign * (b.counts[at] ?? 0)),
    sum: a.sum + sign * b.sum,
    count: a.count + sign * b.count
  }
}

/**
 * The value that the share `q` of all values does not exceed, as well as it can be told: values are taken to be spread
 * evenly in their range. Above the last bound it is that bound. Undefined when nothing was counted.
 */
export function quantile(bounds: readonly number[], { counts, count }: HistogramCounts, q: number): number | undefined {
  if (count <= 0) return undefined
  const rank = q * count
  let below = 0
  for (const [at, inRange] of counts.entries()) {
    if (inRange > 0 && below + inRange >= rank) {
      const low = bounds[at - 1] ?? 0
      const high = bounds[at] ?? low
      return low + (high - low) * Math.min(1, Math.max(0, (rank - below) / inRange))
    }
    below += inRange
  }
  return bounds.at(-1)
}
