import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { Demand } from './demand.ts'
import { PartitionReader } from './partition-reader.ts'

/**
 * The readers of the partitions that this worker has now.
 *
 * Invariant: one reader a partition; a lane number is given out once. Polls are numbered as they begin, which tells
 * exactly what came before the end of a seek.
 */
export class Readers implements Iterable<PartitionReader> {
  readonly #demand: Demand
  readonly #byName = new Map<string, PartitionReader>()
  #nextLane = 0
  #polls = 0

  constructor(demand: Demand) {
    this.#demand = demand
  }

  get size(): number {
    return this.#byName.size
  }

  [Symbol.iterator](): Iterator<PartitionReader> {
    return this.#byName.values()
  }

  /** A poll begins; returns its number. */
  beginPoll(): number {
    this.#polls += 1
    return this.#polls
  }

  add(position: PartitionOffset): PartitionReader {
    const { topic, partition, offset } = position
    const reader = new PartitionReader({ topic, partition }, offset, this.#nextLane, this.#demand, () => this.#polls)
    this.#nextLane += 1
    this.#byName.set(reader.name, reader)
    return reader
  }

  get(of: TopicPartition): PartitionReader | undefined {
    return this.#byName.get(partitionName(of))
  }

  remove(of: TopicPartition): void {
    this.#byName.delete(partitionName(of))
  }
}
