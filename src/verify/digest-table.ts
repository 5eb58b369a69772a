import type { Heap } from './bucket-sums.ts'
import { slotsFor } from './table-size.ts'
import { WORDS } from './words.ts'

/** Where a record was first seen: which range, and at which offset. */
export interface SeenAt {
  readonly range: number
  readonly offset: number
}

export interface TableEntry {
  readonly required: number
  readonly optional: number
  readonly target: number
  readonly source: SeenAt | undefined
  readonly atTarget: SeenAt | undefined
}

export const BYTES_OF_SLOT = WORDS * 4 + 3 * 4 + 2 * (4 + 8)
const NOWHERE = 0xffffffff

/**
 * How often each digest is on either side, for as many digests as it was made for.
 *
 * Invariant: a slot is free exactly while it counts nothing.
 */
export class DigestTable {
  readonly #mask: number
  readonly #words: Uint32Array
  readonly #counts: Record<Heap, Uint32Array>
  readonly #ranges: Record<'source' | 'target', Uint32Array>
  readonly #offsets: Record<'source' | 'target', Float64Array>
  readonly #most: number
  #taken = 0

  /** @param digests how many different ones there may be at most */
  constructor(digests: number) {
    this.#most = digests
    const capacity = slotsFor(digests)
    this.#mask = capacity - 1
    this.#words = new Uint32Array(capacity * WORDS)
    this.#counts = {
      required: new Uint32Array(capacity),
      optional: new Uint32Array(capacity),
      target: new Uint32Array(capacity)
    }
    this.#ranges = {
      source: new Uint32Array(capacity).fill(NOWHERE),
      target: new Uint32Array(capacity).fill(NOWHERE)
    }
    this.#offsets = { source: new Float64Array(capacity), target: new Float64Array(capacity) }
  }

  /** False = this digest is new and there is no room for it: it was not counted. */
  add(heap: Heap, words: Uint32Array, at: number, range: number, offset: number): boolean {
    const slot = this.#slot(words, at)
    if (slot === undefined) return false
    const counts = this.#counts[heap]
    counts[slot] = (counts[slot] ?? 0) + 1
    const side = heap === 'target' ? 'target' : 'source'
    // Of several the last is the surplus one; at the source the first says more.
    if (side === 'source' && this.#ranges.source[slot] !== NOWHERE) return true
    this.#ranges[side][slot] = range
    this.#offsets[side][slot] = offset
    return true
  }

  *entries(): Iterable<TableEntry> {
    for (let slot = 0; slot <= this.#mask; slot++) {
      const [required = 0, optional = 0, target = 0] = [
        this.#counts.required[slot],
        this.#counts.optional[slot],
        this.#counts.target[slot]
      ]
      if (required + optional + target === 0) continue
      yield { required, optional, target, source: this.#seen('source', slot), atTarget: this.#seen('target', slot) }
    }
  }

  #seen(side: 'source' | 'target', slot: number): SeenAt | undefined {
    const range = this.#ranges[side][slot] ?? NOWHERE
    return range === NOWHERE ? undefined : { range, offset: this.#offsets[side][slot] ?? 0 }
  }

  #slot(words: Uint32Array, at: number): number | undefined {
    const { required, optional, target } = this.#counts
    for (let slot = (words[at] ?? 0) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      if ((required[slot] ?? 0) + (optional[slot] ?? 0) + (target[slot] ?? 0) === 0) {
        if (this.#taken === this.#most) return undefined
        this.#taken++
        this.#words.set(words.subarray(at, at + WORDS), slot * WORDS)
        return slot
      }
      if (this.#has(slot, words, at)) return slot
    }
  }

  #has(slot: number, words: Uint32Array, at: number): boolean {
    const known = this.#words
    const base = slot * WORDS
    return (
      known[base] === words[at] &&
      known[base + 1] === words[at + 1] &&
      known[base + 2] === words[at + 2] &&
      known[base + 3] === words[at + 3]
    )
  }
}
