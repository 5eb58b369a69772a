import { partitionName } from '../model/topic-partition.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

/**
 * What each target partition has in flight, so that one without a leader can't fill the producer's shared queue.
 *
 * Invariant: an entry is the sum of the charges of the sends without a result; there are no entries of 0.
 */
export class TargetLoad {
  readonly #bytes = new Map<string, number>()

  of(target: TopicPartition): number {
    return this.#bytes.get(partitionName(target)) ?? 0
  }

  add(target: TopicPartition, bytes: number): void {
    const name = partitionName(target)
    this.#bytes.set(name, (this.#bytes.get(name) ?? 0) + bytes)
  }

  remove(target: TopicPartition, bytes: number): void {
    const name = partitionName(target)
    const left = (this.#bytes.get(name) ?? 0) - bytes
    if (left > 0) this.#bytes.set(name, left)
    else this.#bytes.delete(name)
  }
}
