import type { CopyRange, RangeTable } from '../operators/seek-range.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

const EVERYTHING: CopyRange = { from: 0, to: Infinity, before: Infinity }

/**
 * What is copied of each assigned partition.
 *
 * Invariant: the end of a range only comes nearer. An end that is told before the partition is there holds for it, too.
 */
export class CopyRanges implements RangeTable {
  readonly #byName = new Map<string, CopyRange>()
  readonly #ends = new Map<string, number>()
  readonly #onReached: (partition: TopicPartition) => void

  constructor(onReached: (partition: TopicPartition) => void) {
    this.#onReached = onReached
  }

  set(partition: TopicPartition, range: CopyRange): void {
    const name = partitionName(partition)
    this.#byName.set(name, { ...range, to: Math.min(range.to, this.#ends.get(name) ?? Infinity) })
  }

  /** As it turned out, the partition ends here for whoever has it. */
  endForAll(partition: TopicPartition, offset: number): void {
    this.#ends.set(partitionName(partition), offset)
    if (this.#byName.has(partitionName(partition))) this.endAt(partition, offset)
  }

  remove(partition: TopicPartition): void {
    this.#byName.delete(partitionName(partition))
  }

  rangeOf(partition: TopicPartition): CopyRange {
    return this.#byName.get(partitionName(partition)) ?? EVERYTHING
  }

  endAt(partition: TopicPartition, offset: number): void {
    const range = this.rangeOf(partition)
    this.set(partition, { ...range, to: Math.min(range.to, offset) })
  }

  reached(partition: TopicPartition): void {
    this.#onReached(partition)
  }
}
