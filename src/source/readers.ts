import { NOTHING_PAUSED, pauseTest, type Pauses } from '../model/pauses.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { Demand } from './demand.ts'
import { PartitionReader } from './partition-reader.ts'
import { Turns } from './turns.ts'

/**
 * The readers of the partitions that this worker has now.
 *
 * Invariant: one reader a partition; a lane number is given out once. Polls and seeks take turns: a poll that runs
 * during a seek may return records from before and from after it, and nobody could tell which are outdated.
 */
export class Readers implements Iterable<PartitionReader> {
  readonly #demand: Demand
  readonly #byName = new Map<string, PartitionReader>()
  #nextLane = 0
  #isPaused = pauseTest(NOTHING_PAUSED)
  /** Goes up when a reader has come, or when other partitions are paused by the user. */
  revision = 0
  readonly turns = new Turns()

  constructor(demand: Demand) {
    this.#demand = demand
  }

  get size(): number {
    return this.#byName.size
  }

  [Symbol.iterator](): Iterator<PartitionReader> {
    return this.#byName.values()
  }

  add(position: PartitionOffset): PartitionReader {
    const { topic, partition, offset } = position
    const reader = new PartitionReader({ topic, partition }, offset, this.#nextLane, this.#demand, this.turns)
    this.#nextLane += 1
    reader.heldByUser = this.#isPaused(reader.source)
    this.revision += 1
    this.#byName.set(reader.name, reader)
    return reader
  }

  /** What the user has paused from now on, for these readers and those to come. */
  setPauses(pauses: Pauses): void {
    this.#isPaused = pauseTest(pauses)
    for (const reader of this.#byName.values()) reader.heldByUser = this.#isPaused(reader.source)
    this.revision += 1
  }

  get(of: TopicPartition): PartitionReader | undefined {
    return this.#byName.get(partitionName(of))
  }

  remove(of: TopicPartition): void {
    this.#byName.delete(partitionName(of))
  }
}
