import type { PendingDigests } from './pending-digests.ts'
import { WORDS, digestKey } from './words.ts'

/**
 * The latest digests of one partition with their offsets, counted by their place in the sequence that was read.
 *
 * Invariant: it has the places [first, end), at most `capacity` of them.
 */
export class DigestRing {
  readonly capacity: number
  readonly words: Uint32Array
  readonly #offsets: Float64Array
  readonly #mask: number
  #end = 0

  /** @param capacity a power of two */
  constructor(capacity: number) {
    this.capacity = capacity
    this.#mask = capacity - 1
    this.words = new Uint32Array(capacity * WORDS)
    this.#offsets = new Float64Array(capacity)
  }

  get first(): number {
    return Math.max(0, this.#end - this.capacity)
  }

  get end(): number {
    return this.#end
  }

  /** Where the words of a place are. */
  at(place: number): number {
    return (place & this.#mask) * WORDS
  }

  offset(place: number): number {
    return this.#offsets[place & this.#mask] ?? -1
  }

  /** Takes at most `most` digests; what they overwrite is forgotten. */
  load(pending: PendingDigests, most: number): void {
    for (let left = most; left > 0 && pending.count > 0;) {
      const slot = this.#end & this.#mask
      const taken = pending.take(Math.min(left, this.capacity - slot), this.words, this.#offsets, slot)
      this.#end += taken
      left -= taken
    }
  }

  equals(place: number, other: DigestRing, otherPlace: number): boolean {
    const at = this.at(place)
    const otherAt = other.at(otherPlace)
    return (
      this.words[at] === other.words[otherAt] &&
      this.words[at + 1] === other.words[otherAt + 1] &&
      this.words[at + 2] === other.words[otherAt + 2] &&
      this.words[at + 3] === other.words[otherAt + 3]
    )
  }

  /** How many digests in a row are the same from these places on, at most `most`. */
  run(place: number, other: DigestRing, otherPlace: number, most: number): number {
    const limit = Math.min(most, this.#end - place, other.end - otherPlace)
    let length = 0
    while (length < limit && this.equals(place + length, other, otherPlace + length)) length++
    return length
  }

  /** Names a digest in maps and sets. */
  key(place: number): string {
    return digestKey(this.words, this.at(place))
  }
}
