import { WORDS } from './words.ts'

/** Digests are dealt out to so many buckets by their second word. */
export const BUCKETS = 1 << 16

export type Heap = 'required' | 'optional' | 'target'

/** The bucket of the digest whose words begin at `at`. */
export function bucketOf(words: Uint32Array, at: number): number {
  return (words[at + 1] ?? 0) & (BUCKETS - 1)
}

/**
 * Sums of digests, by bucket: equal sums and counts prove equal sets of records, in whatever order they were added.
 * Where they differ, only that bucket has to be looked at.
 */
export class BucketSums {
  readonly #sums: Record<Heap, Uint32Array> = {
    required: new Uint32Array(BUCKETS * WORDS),
    optional: new Uint32Array(BUCKETS * WORDS),
    target: new Uint32Array(BUCKETS * WORDS)
  }
  readonly #counts: Record<Heap, Float64Array> = {
    required: new Float64Array(BUCKETS),
    optional: new Float64Array(BUCKETS),
    target: new Float64Array(BUCKETS)
  }

  add(heap: Heap, words: Uint32Array, at: number): void {
    const sums = this.#sums[heap]
    const bucket = bucketOf(words, at)
    // The array's own overflow is the arithmetic that is wanted.
    for (let word = 0; word < WORDS; word++) {
      const index = bucket * WORDS + word
      sums[index] = (sums[index] ?? 0) + (words[at + word] ?? 0)
    }
    const counts = this.#counts[heap]
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }

  /** Digests of a bucket, of all heaps. */
  count(bucket: number): number {
    const { required, optional, target } = this.#counts
    return (required[bucket] ?? 0) + (optional[bucket] ?? 0) + (target[bucket] ?? 0)
  }

  /** Required records of the bucket. */
  required(bucket: number): number {
    return this.#counts.required[bucket] ?? 0
  }

  /** The target has exactly what it must have. */
  isEqual(bucket: number): boolean {
    const { required, target } = this.#counts
    if (required[bucket] !== target[bucket]) return false
    for (let index = bucket * WORDS; index < (bucket + 1) * WORDS; index++) {
      if (this.#sums.required[index] !== this.#sums.target[index]) return false
    }
    return true
  }
}
