/**
 * Which offsets of one partition are dealt with.
 *
 * Invariant: everything below `checkpoint` is settled; `#ahead` has the settled spans above it, by their begin, none of
 * them touching the checkpoint. Spans come from batches, which cover a partition without a gap (see Batch), so equality
 * of ends and begins is all that is needed.
 */
export class OffsetTracker {
  #checkpoint: number
  readonly #ahead = new Map<number, number>()

  constructor(start: number) {
    this.#checkpoint = start
  }

  /** The offset to commit: the next one to be read. */
  get checkpoint(): number {
    return this.#checkpoint
  }

  /** Settled spans that wait for an earlier one. */
  get waiting(): number {
    return this.#ahead.size
  }

  /** The span [from, to) is dealt with. Spans at or below the checkpoint are repetitions and harmless. */
  settle(from: number, to: number): void {
    if (to <= from) return
    if (from > this.#checkpoint) {
      this.#ahead.set(from, Math.max(to, this.#ahead.get(from) ?? to))
      return
    }
    if (to > this.#checkpoint) this.#checkpoint = to
    this.#absorb()
  }

  /** Forgets what is settled above the checkpoint, because it will be read again. */
  rewind(): void {
    this.#ahead.clear()
  }

  #absorb(): void {
    for (let to = this.#ahead.get(this.#checkpoint); to !== undefined; to = this.#ahead.get(this.#checkpoint)) {
      this.#ahead.delete(this.#checkpoint)
      if (to <= this.#checkpoint) return
      this.#checkpoint = to
    }
  }
}
