import type { CopyRange, RangeTable } from '../operators/seek-range.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

const EVERYTHING: CopyRange = { from: 0, to: Infinity, before: Infinity }

/**
 * What is copied of each assigned partition.
 *
 * Invariant: the end of a range is set once and then only comes nearer.
 */
export class CopyRanges implements RangeTable {
  readonly #byName = new Map<string, CopyRange>()
  readonly #onReached: (partition: TopicPartition) => void

  constructor(onReached: (partition: TopicPartition) => void) {
    this.#onReached = onReached
  }

  set(partition: TopicPartition, range: CopyRange): void {
    this.#byName.set(partitionName(partition), range)
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
