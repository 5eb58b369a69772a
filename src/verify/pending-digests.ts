import type { Digests } from '../client/types.ts'
import { WORDS } from './words.ts'

/** Digests of one partition that were read and not yet looked at, in order. */
export class PendingDigests {
  readonly #chunks: Pick<Digests, 'spans' | 'words'>[] = []
  #count = 0
  /** Of the first chunk: how many records are gone, and in which span the next one is, after how many of it. */
  #taken = 0
  #span = 0
  #ofSpan = 0

  get count(): number {
    return this.#count
  }

  push(chunk: Pick<Digests, 'spans' | 'words'>): void {
    if (chunk.words.length === 0) return
    this.#chunks.push(chunk)
    this.#count += chunk.words.length / WORDS
  }

  /** Moves at most `most` digests, of one chunk, to `slot` of these arrays. Returns how many. */
  take(most: number, words: Uint32Array, offsets: Float64Array, slot: number): number {
    const [chunk] = this.#chunks
    if (chunk === undefined) return 0
    const left = chunk.words.length / WORDS - this.#taken
    const count = Math.min(most, left)
    words.set(chunk.words.subarray(this.#taken * WORDS, (this.#taken + count) * WORDS), slot * WORDS)
    this.#writeOffsets(chunk.spans, offsets, slot, count)
    this.#taken += count
    this.#count -= count
    if (count === left) {
      this.#chunks.shift()
      this.#taken = 0
      this.#span = 0
      this.#ofSpan = 0
    }
    return count
  }

  #writeOffsets(spans: Float64Array, offsets: Float64Array, slot: number, count: number): void {
    for (let written = 0; written < count;) {
      const first = spans[this.#span] ?? 0
      const length = spans[this.#span + 1] ?? count
      const here = Math.min(count - written, length - this.#ofSpan)
      for (let index = 0; index < here; index++) offsets[slot + written + index] = first + this.#ofSpan + index
      written += here
      this.#ofSpan += here
      if (this.#ofSpan < length) continue
      this.#span += 2
      this.#ofSpan = 0
    }
  }
}
