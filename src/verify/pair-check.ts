import type { DigestsInRange } from './digest-reader.ts'
import type { RangesToCompare } from './read-both-sides.ts'
import type { RunSweep } from './run-sweep.ts'
import type { TopicPairs } from './topic-pairs.ts'
import type { ReadRange } from './verify-types.ts'
import { WORDS } from './words.ts'

/** Source offsets whose pairs are summed up together: so many at least. */
const LEAST_CHUNK = 4096
const WORDS_OF_SUM = 2

/** Chunks are as large as it takes for the sums of so many offsets to fit into so many bytes. */
export function chunkFor(offsets: number, bytes: number): number {
  const most = bytes / (WORDS_OF_SUM * Int32Array.BYTES_PER_ELEMENT)
  let chunk = LEAST_CHUNK
  while (offsets / chunk > most) chunk *= 2
  return chunk
}

/**
 * Holds the target records of offset pairs against their source records while both sides are read, in any order of each
 * other: what a pair's source record adds to the sum of its chunk, its target record takes away. A sum that is not 0 at
 * the end has a pair that differs; which one, a closer look must find out.
 *
 * Digest and source offset are mixed before they are added, so two records that changed places don't make up for each
 * other. Each range is read once, from its beginning to its end.
 */
export class PairCheck {
  readonly #pairs: TopicPairs
  readonly #ranges: RangesToCompare
  readonly #chunk: number
  /** Of each source range. */
  readonly #sums: readonly Int32Array[]
  readonly #sweeps: Record<'source' | 'target', readonly RunSweep[]>
  #checked = 0

  constructor(pairs: TopicPairs, ranges: RangesToCompare, chunk: number) {
    this.#pairs = pairs
    this.#ranges = ranges
    this.#chunk = chunk
    const { sourceRanges, targetRanges } = ranges
    this.#sums = sourceRanges.map(
      ({ from, to }) => new Int32Array(WORDS_OF_SUM * Math.ceil(Math.max(0, to - from) / chunk))
    )
    this.#sweeps = {
      source: sourceRanges.map((_, index) => pairs.sweep('source', index)),
      target: targetRanges.map((_, index) => pairs.sweep('target', index))
    }
  }

  /** Pairs whose target record was read. */
  get checked(): number {
    return this.#checked
  }

  take(side: 'source' | 'target', range: number, { spans, words }: DigestsInRange): void {
    const sweep = this.#sweeps[side][range]
    if (sweep === undefined) return
    let record = 0
    for (let span = 0; span < spans.length; span += 2) {
      const [first = 0, count = 0] = [spans[span], spans[span + 1]]
      const before = record
      sweep.visit(first, first + count, (run, low, high) => {
        const at = (before + low - first) * WORDS
        if (side === 'source') return this.#add(range, low, high - low, words, at, 1)
        const { other, shift } = this.#pairs.run('target', range, run)
        this.#checked += high - low
        this.#add(other, low + shift, high - low, words, at, -1)
      })
      record += count
    }
  }

  /** Source offsets of chunks whose pairs do not all agree; neighbours together, but not many. */
  suspicious(): ReadRange[] {
    const most = Math.max(this.#chunk, MOST_LOOKED_AT)
    const found: { topic: string; partition: number; from: number; to: number }[] = []
    for (const [index, { topic, partition, from, to }] of this.#ranges.sourceRanges.entries()) {
      const sums = this.#sums[index] ?? new Int32Array()
      for (let at = 0; at < sums.length; at += WORDS_OF_SUM) {
        if (sums[at] === 0 && sums[at + 1] === 0) continue
        const begin = from + (at / WORDS_OF_SUM) * this.#chunk
        const end = Math.min(to, begin + this.#chunk)
        const last = found.at(-1)
        const goesOn = last?.to === begin && last.topic === topic && last.partition === partition
        if (last !== undefined && goesOn && end - last.from <= most) last.to = end
        else found.push({ topic, partition, from: begin, to: end })
      }
    }
    return found
  }

  /** Of consecutive source offsets in one range. */
  #add(range: number, offset: number, count: number, words: Uint32Array, at: number, sign: 1 | -1): void {
    const sums = this.#sums[range]
    const begin = this.#ranges.sourceRanges[range]?.from ?? 0
    if (sums === undefined) return
    for (let done = 0; done < count;) {
      const ahead = offset + done - begin
      const chunk = Math.floor(ahead / this.#chunk)
      const end = Math.min(count, done + (chunk + 1) * this.#chunk - ahead)
      let salt = (offset + done) | 0
      let [a, b] = [0, 0]
      for (let word = at + done * WORDS; done < end; done++, word += WORDS, salt = (salt + 1) | 0) {
        a = (a + mix((words[word] ?? 0) ^ Math.imul(salt, 0x9e3779b1))) | 0
        b = (b + mix((words[word + 1] ?? 0) ^ Math.imul(salt, 0x7feb352d))) | 0
      }
      const sum = chunk * WORDS_OF_SUM
      sums[sum] = (sums[sum] ?? 0) + sign * a
      sums[sum + 1] = (sums[sum + 1] ?? 0) + sign * b
    }
  }
}

/** Source offsets that a closer look takes at once, 20 bytes each. */
const MOST_LOOKED_AT = 1 << 17

function mix(word: number): number {
  const x = Math.imul(word, 0x85ebca6b)
  return Math.imul(x ^ (x >>> 15), 0xc2b2ae35)
}
