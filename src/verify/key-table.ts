import type { SeenAt } from './digest-table.ts'
import { slotsFor } from './table-size.ts'
import { WORDS } from './words.ts'

export type KeySide = 'source' | 'target'

/** The last record of a key on one side. */
export interface LastOfKey extends SeenAt {
  readonly isTombstone: boolean
}

export interface KeyEntry {
  readonly source: LastOfKey | undefined
  readonly target: LastOfKey | undefined
  /** Both are there, and equal. */
  readonly isEqual: boolean
  /** The source has records of this key that the target may have or not. */
  readonly isInFlight: boolean
}

export const BYTES_OF_KEY_SLOT = 3 * WORDS * 4 + 2 * (4 + 8 + 1) + 2

/**
 * The last record of each key on either side.
 *
 * Invariant: a slot is free exactly while `#used` is 0.
 */
export class KeyTable {
  readonly #mask: number
  readonly #used: Uint8Array
  readonly #inFlight: Uint8Array
  readonly #keys: Uint32Array
  readonly #sides: Record<
    KeySide,
    { digests: Uint32Array; ranges: Uint32Array; offsets: Float64Array; states: Uint8Array }
  >

  /** @param keys how many different ones there may be at most */
  constructor(keys: number) {
    const capacity = slotsFor(keys)
    this.#mask = capacity - 1
    this.#used = new Uint8Array(capacity)
    this.#inFlight = new Uint8Array(capacity)
    this.#keys = new Uint32Array(capacity * WORDS)
    const side = (): { digests: Uint32Array; ranges: Uint32Array; offsets: Float64Array; states: Uint8Array } => ({
      digests: new Uint32Array(capacity * WORDS),
      ranges: new Uint32Array(capacity),
      offsets: new Float64Array(capacity),
      states: new Uint8Array(capacity)
    })
    this.#sides = { source: side(), target: side() }
  }

  /** The words of key and record begin at `at`. The last record of a key that is set counts. */
  set(side: KeySide, keys: Uint32Array, words: Uint32Array, at: number, range: number, offset: number): void {
    const slot = this.#slot(keys, at)
    const { digests, ranges, offsets, states } = this.#sides[side]
    digests.set(words.subarray(at, at + WORDS), slot * WORDS)
    ranges[slot] = range
    offsets[slot] = offset
    states[slot] = ((keys[at] ?? 0) & 1) === 1 ? TOMBSTONE : ALIVE
  }

  markInFlight(keys: Uint32Array, at: number): void {
    this.#inFlight[this.#slot(keys, at)] = 1
  }

  *entries(): Iterable<KeyEntry> {
    for (let slot = 0; slot <= this.#mask; slot++) {
      if (this.#used[slot] === 0) continue
      const source = this.#last('source', slot)
      const target = this.#last('target', slot)
      const isEqual = source !== undefined && target !== undefined && this.#isEqual(slot)
      yield { source, target, isEqual, isInFlight: this.#inFlight[slot] === 1 }
    }
  }

  #last(side: KeySide, slot: number): LastOfKey | undefined {
    const { ranges, offsets, states } = this.#sides[side]
    const state = states[slot] ?? NONE
    if (state === NONE) return undefined
    return { range: ranges[slot] ?? 0, offset: offsets[slot] ?? 0, isTombstone: state === TOMBSTONE }
  }

  #isEqual(slot: number): boolean {
    const { source, target } = this.#sides
    for (let word = slot * WORDS; word < (slot + 1) * WORDS; word++) {
      if (source.digests[word] !== target.digests[word]) return false
    }
    return true
  }

  #slot(keys: Uint32Array, at: number): number {
    const known = this.#keys
    // Without the bit that tells tombstones.
    const first = ((keys[at] ?? 0) & ~1) >>> 0
    for (let slot = (first >>> 1) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const base = slot * WORDS
      if (this.#used[slot] === 0) {
        this.#used[slot] = 1
        known[base] = first
        known.set(keys.subarray(at + 1, at + WORDS), base + 1)
        return slot
      }
      const isKnown =
        known[base] === first &&
        known[base + 1] === keys[at + 1] &&
        known[base + 2] === keys[at + 2] &&
        known[base + 3] === keys[at + 3]
      if (isKnown) return slot
    }
  }
}

const NONE = 0
const ALIVE = 1
const TOMBSTONE = 2
