const WINDOW_MS = 5 * 60_000
const SPACING_MS = 5000

/**
 * How many records the target refused in the last five minutes, from the counts of runs.
 *
 * Invariant: samples are sums over all runs, so they rise; the first is the youngest that is at least a window old, or
 * nothing refused before the first run.
 */
export class BadRecordCount {
  readonly #samples: { readonly at: number; readonly sum: number }[] = []
  #total = 0
  #sum = 0

  /** @param total of the run; one that is less than before is of a new run */
  add(at: number, total: number): void {
    if (this.#samples.length === 0) this.#samples.push({ at, sum: 0 })
    this.#sum += total >= this.#total ? total - this.#total : total
    this.#total = total
    const samples = this.#samples
    const beforeLast = samples.at(-2)
    if (beforeLast !== undefined && (samples.at(-1)?.at ?? 0) - beforeLast.at < SPACING_MS) samples.pop()
    samples.push({ at, sum: this.#sum })
    while ((samples[1]?.at ?? Infinity) <= at - WINDOW_MS) samples.shift()
  }

  /** Null = nothing was ever measured. */
  recent(now: number): number | null {
    const first = this.#samples.findLast(({ at }) => at <= now - WINDOW_MS) ?? this.#samples[0]
    return first === undefined ? null : this.#sum - first.sum
  }
}
