import type { DigestRing } from './digest-ring.ts'

/** Beyond this many records with hashes alike the older ones are not looked at: equal records are as good as each other. */
const LONGEST_CHAIN = 256

/**
 * Finds digests of a ring. Made when it is first asked and kept up to date from then on, so that a true copy costs
 * nothing.
 *
 * Invariant: the chain of a head leads to ever older places; where it stops doing so, the ring has overwritten what was
 * there.
 */
export class DigestIndex {
  readonly #ring: DigestRing
  readonly #mask: number
  #heads: Int32Array | undefined
  #next: Int32Array | undefined
  #places: Float64Array | undefined
  #end = 0

  constructor(ring: DigestRing) {
    this.#ring = ring
    this.#mask = ring.capacity - 1
  }

  /** The places of the ring that have the digest of `other` at `otherPlace`, newest first. */
  find(other: DigestRing, otherPlace: number): number[] {
    const { heads, next, places } = this.#upToDate()
    const found: number[] = []
    const oldest = this.#ring.first
    let last = Number.POSITIVE_INFINITY
    let slot = heads[(other.words[other.at(otherPlace)] ?? 0) & this.#mask] ?? -1
    for (let length = 0; slot >= 0 && length < LONGEST_CHAIN; length++) {
      const place = places[slot] ?? -1
      if (place >= last || place < oldest) break
      if (this.#ring.equals(place, other, otherPlace)) found.push(place)
      last = place
      slot = next[slot] ?? -1
    }
    return found
  }

  #upToDate(): { heads: Int32Array; next: Int32Array; places: Float64Array } {
    const { capacity, end, first, words } = this.#ring
    const heads = (this.#heads ??= new Int32Array(capacity).fill(-1))
    const next = (this.#next ??= new Int32Array(capacity))
    const places = (this.#places ??= new Float64Array(capacity))
    for (let place = Math.max(first, this.#end); place < end; place++) {
      const slot = place & this.#mask
      const head = (words[this.#ring.at(place)] ?? 0) & this.#mask
      next[slot] = heads[head] ?? -1
      places[slot] = place
      heads[head] = slot
    }
    this.#end = end
    return { heads, next, places }
  }
}
