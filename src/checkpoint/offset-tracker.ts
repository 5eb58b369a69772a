import type { CommitMetadata } from '../model/commit-metadata.ts'

/** What is known of the last record of a span, for the commit that ends there. */
export interface SpanMark {
  readonly leaderEpoch?: number
  /** Where it went at the target; undefined = nothing of the span went there, or the broker did not tell. */
  readonly target?: NonNullable<CommitMetadata['target']>
}

/**
 * Which offsets of one partition are dealt with.
 *
 * Invariant: everything below `checkpoint` is settled; `#ahead` has the settled spans above it, by their begin, none of
 * them touching the checkpoint. Spans come from batches, which cover a partition without a gap (see Batch), so equality
 * of ends and begins is all that is needed. `leaderEpoch` belongs to the span that ends at the checkpoint: an older one
 * beside a newer offset would look like a truncated log (KIP-320). `target` is that of the last span that had one: a
 * span without records leaves it as it is.
 */
export class OffsetTracker {
  #checkpoint: number
  #leaderEpoch = -1
  #target: CommitMetadata['target']
  readonly #ahead = new Map<number, { readonly to: number; readonly mark: SpanMark }>()

  constructor(start: number) {
    this.#checkpoint = start
  }

  /** The offset to commit: the next one to be read. */
  get checkpoint(): number {
    return this.#checkpoint
  }

  /** Leader epoch of the last record below the checkpoint; -1 = unknown. */
  get leaderEpoch(): number {
    return this.#leaderEpoch
  }

  /** Where the last record below the checkpoint went, as far as it is known. */
  get target(): CommitMetadata['target'] {
    return this.#target
  }

  /** Settled spans that wait for an earlier one. */
  get waiting(): number {
    return this.#ahead.size
  }

  /** The span [from, to) is dealt with. Spans at or below the checkpoint are repetitions and harmless. */
  settle(from: number, to: number, mark: SpanMark = {}): void {
    if (to <= from) return
    if (from > this.#checkpoint) {
      if (to >= (this.#ahead.get(from)?.to ?? 0)) this.#ahead.set(from, { to, mark })
      return
    }
    this.#moveTo(to, mark)
    this.#absorb()
  }

  /** Forgets what is settled above the checkpoint, because it will be read again. */
  rewind(): void {
    this.#ahead.clear()
  }

  #absorb(): void {
    for (let span = this.#ahead.get(this.#checkpoint); span !== undefined; span = this.#ahead.get(this.#checkpoint)) {
      this.#ahead.delete(this.#checkpoint)
      this.#moveTo(span.to, span.mark)
    }
  }

  #moveTo(to: number, { leaderEpoch = -1, target }: SpanMark): void {
    if (to <= this.#checkpoint) return
    this.#checkpoint = to
    this.#leaderEpoch = leaderEpoch
    this.#target = target ?? this.#target
  }
}
