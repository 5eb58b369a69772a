interface Sample {
  readonly at: number
  readonly lags: ReadonlyMap<string, number>
}

const WINDOW_MS = 30_000
/** Between samples, so that many partitions don't fill memory. */
const SAMPLE_INTERVAL_MS = 5000

/**
 * How fast the lag of each partition grows or shrinks, over the last half minute.
 *
 * Invariant: the first sample is the youngest that is at least a window old, or the very first one; samples lie at least
 * `SAMPLE_INTERVAL_MS` apart, but for the newest.
 */
export class LagTrend {
  readonly #samples: Sample[] = []

  /**
   * @param at a clock in ms that doesn't jump
   * @param lags in records, by partition name
   */
  add(at: number, lags: ReadonlyMap<string, number>): void {
    const samples = this.#samples
    const beforeLast = samples.at(-2)
    if (beforeLast !== undefined && (samples.at(-1)?.at ?? 0) - beforeLast.at < SAMPLE_INTERVAL_MS) samples.pop()
    samples.push({ at, lags })
    while ((samples[1]?.at ?? Infinity) <= at - WINDOW_MS) samples.shift()
  }

  /** Records a second; above 0: the copy falls behind. Undefined until two lags of the partition are known. */
  changeOf(name: string): number | undefined {
    const last = this.#samples.at(-1)
    const lag = last?.lags.get(name)
    if (last === undefined || lag === undefined) return undefined
    const first = this.#samples.find((sample) => sample.lags.has(name))
    const before = first?.lags.get(name)
    if (first === undefined || before === undefined || first.at >= last.at) return undefined
    return ((lag - before) * 1000) / (last.at - first.at)
  }
}
