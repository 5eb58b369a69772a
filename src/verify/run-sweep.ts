/**
 * Runs of offsets of one partition, looked at while the partition is read from its beginning to its end. They may overlap.
 *
 * Invariant: `#open` are the runs that begin below the last `to` and may reach beyond the last `from`.
 */
export class RunSweep {
  /** First offsets, ascending. */
  readonly #starts: Float64Array
  readonly #counts: Float64Array
  #next = 0
  #open: number[] = []

  constructor(starts: Float64Array, counts: Float64Array) {
    this.#starts = starts
    this.#counts = counts
  }

  /** Shows each run that has offsets in [from, to), by its index, and which. Calls go up without going back. */
  visit(from: number, to: number, show: (run: number, low: number, high: number) => void): void {
    while (this.#next < this.#starts.length && (this.#starts[this.#next] ?? 0) < to) this.#open.push(this.#next++)
    if (this.#open.length === 0) return
    let kept = 0
    for (const run of this.#open) {
      const start = this.#starts[run] ?? 0
      const end = start + (this.#counts[run] ?? 0)
      if (start < to && end > from) show(run, Math.max(start, from), Math.min(end, to))
      if (end > to) this.#open[kept++] = run
    }
    this.#open.length = kept
  }
}
