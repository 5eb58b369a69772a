import { groupBy } from '../mapping/group-by.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { CompareOptions, Consumers } from './compare-options.ts'
import type { DigestsInRange } from './digest-reader.ts'
import type { DifferencePair } from './pair-result.ts'
import type { RangesToCompare } from './read-both-sides.ts'
import { joinPieces, readPieces } from './read-pieces.ts'
import { RunSweep } from './run-sweep.ts'
import type { TopicPairs } from './topic-pairs.ts'
import type { ReadRange, SourceRange } from './verify-types.ts'
import { visiting } from './visit-digests.ts'
import { WORDS } from './words.ts'

export type ExamineOptions = Pick<CompareOptions, 'withTimestamps' | 'pollBytes' | 'signal' | 'onRead' | 'mostNamed'>

export interface ExaminedPairs {
  readonly count: number
  readonly first: readonly DifferencePair[]
}

/** Part of a run: its target offsets, and which source offset each is to be. */
interface Section extends ReadRange {
  /** Source offset minus target offset. */
  readonly shift: number
  /** The next target offset that is to be seen. */
  next: number
}

/** Target offsets between two sections that are sooner read than left out. */
const SMALL_HOLE = 1000

/**
 * Looks at each pair of these source ranges: which ones have a target record that is another one, or none at all. What the
 * source does not have any more, and what the audit trail says was altered, is passed over.
 */
export async function examinePairs(
  suspicious: readonly ReadRange[],
  pairs: TopicPairs,
  ranges: RangesToCompare,
  consumers: Consumers,
  options: ExamineOptions
): Promise<ExaminedPairs> {
  const found = { count: 0, first: [] as DifferencePair[] }
  for (const [index, source] of ranges.sourceRanges.entries()) {
    const sweep = pairs.sweep('source', index)
    for (const range of suspicious) {
      if (partitionName(range) !== partitionName(source)) continue
      const sections = sectionsOf(range, index, sweep, pairs, ranges)
      const records = await readSource(range, consumers, options)
      await examine(sections, records, source, consumers, options, (at) => {
        found.count++
        if (found.first.length < options.mostNamed) found.first.push(at)
      })
    }
  }
  return found
}

function sectionsOf(
  range: ReadRange,
  index: number,
  sweep: RunSweep,
  pairs: TopicPairs,
  { targetRanges }: RangesToCompare
): Section[] {
  const sections: Section[] = []
  sweep.visit(range.from, range.to, (run, low, high) => {
    const { other, shift } = pairs.run('source', index, run)
    const { topic = '', partition = 0 } = targetRanges[other] ?? {}
    sections.push({ topic, partition, from: low + shift, to: high + shift, shift: -shift, next: low + shift })
  })
  return sections
}

/** Digests by source offset. */
class SourceDigests {
  readonly #from: number
  readonly #words: Uint32Array
  readonly #present: Uint8Array

  constructor({ from, to }: ReadRange) {
    this.#from = from
    this.#words = new Uint32Array((to - from) * WORDS)
    this.#present = new Uint8Array(to - from)
  }

  set(offset: number, words: Uint32Array, at: number): void {
    const index = offset - this.#from
    this.#present[index] = 1
    this.#words.set(words.subarray(at, at + WORDS), index * WORDS)
  }

  has(offset: number): boolean {
    return this.#present[offset - this.#from] === 1
  }

  equals(offset: number, words: Uint32Array, at: number): boolean {
    const mine = (offset - this.#from) * WORDS
    for (let word = 0; word < WORDS; word++) if (this.#words[mine + word] !== words[at + word]) return false
    return true
  }
}

async function readSource(range: ReadRange, consumers: Consumers, options: ExamineOptions): Promise<SourceDigests> {
  const records = new SourceDigests(range)
  await readPieces('source', [range], consumers, options, () =>
    visiting(({ words }, at, offset) => records.set(offset, words, at))
  )
  return records
}

async function examine(
  sections: readonly Section[],
  records: SourceDigests,
  { topic, partition, audited }: SourceRange,
  consumers: Consumers,
  options: ExamineOptions,
  differs: (pair: DifferencePair) => void
): Promise<void> {
  const tell = (section: Section, offset: number, words?: Uint32Array, at = 0): void => {
    const source = offset + section.shift
    if (!records.has(source) || audited?.at(source) === 'altered') return
    if (words !== undefined && records.equals(source, words, at)) return
    differs({
      source: { topic, partition, offset: source },
      target: { topic: section.topic, partition: section.partition, offset }
    })
  }
  const missing = (section: Section, to: number): void => {
    for (; section.next < to; section.next++) tell(section, section.next)
  }
  const byTarget = new Map(
    [...groupBy(sections, partitionName)].map(([name, of]) => [name, of.toSorted((a, b) => a.from - b.from)])
  )
  const sweeps = new Map([...byTarget].map(([name, of]) => [name, sweepOf(of)]))
  const pieces = [...byTarget.values()].flatMap((of) => joinPieces(of, SMALL_HOLE))
  await readPieces('target', pieces, consumers, options, (piece) => {
    const name = partitionName(piece)
    const take = ({ spans, words }: DigestsInRange): number => {
      let at = 0
      for (let span = 0; span < spans.length; span += 2) {
        const [first = 0, count = 0] = [spans[span], spans[span + 1]]
        const begin = at
        sweeps.get(name)?.visit(first, first + count, (run, low, high) => {
          const section = byTarget.get(name)?.[run]
          if (section === undefined) return
          missing(section, low)
          for (let offset = low; offset < high; offset++) tell(section, offset, words, begin + (offset - first) * WORDS)
          section.next = high
        })
        at += count * WORDS
      }
      return 0
    }
    return { take }
  })
  for (const section of sections) missing(section, section.to)
}

function sweepOf(sections: readonly Section[]): RunSweep {
  return new RunSweep(
    Float64Array.from(sections, ({ from }) => from),
    Float64Array.from(sections, ({ from, to }) => to - from)
  )
}
