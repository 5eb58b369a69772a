import { addRun, NUMBERS_OF_RUN, type PairRuns } from '../../model/offset-pairs.ts'
import type { PairedPartition, PairedTopics } from './pair-block.ts'

/**
 * The pairs of one source partition that are in no segment yet.
 *
 * Invariant: the last run is open: what comes next may make it longer. Those before it are closed.
 */
export class PartitionPairs {
  readonly topics: PairedTopics
  readonly partition: number
  readonly generation: number
  forgotten: number
  #runs: PairRuns

  constructor({ topics, partition, generation, forgotten, runs }: PairedPartition) {
    this.topics = topics
    this.partition = partition
    this.generation = generation
    this.forgotten = forgotten
    this.#runs = [...runs]
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0
  }

  get closedRuns(): number {
    return Math.max(0, this.#runs.length / NUMBERS_OF_RUN - 1)
  }

  add(runs: readonly number[]): void {
    for (let at = 0; at < runs.length; at += NUMBERS_OF_RUN) {
      const [target = 0, source = 0, targetOffset = 0, count = 0] = runs.slice(at, at + NUMBERS_OF_RUN)
      addRun(this.#runs, target, source, targetOffset, count)
    }
  }

  /** As it is now. */
  all(): PairedPartition {
    return this.#with(this.#runs)
  }

  /** Without the open run. */
  closed(): PairedPartition {
    return this.#with(this.#runs.slice(0, -NUMBERS_OF_RUN))
  }

  /** So many runs are in a segment, or are given up. */
  drop(runs: number): void {
    this.#runs = this.#runs.slice(runs * NUMBERS_OF_RUN)
  }

  #with(runs: readonly number[]): PairedPartition {
    const { topics, partition, generation, forgotten } = this
    return { topics, partition, generation, forgotten, runs }
  }
}

/** Behind the highest source offset of these runs. */
export function sourceEnd(runs: readonly number[]): number {
  let end = 0
  for (let at = 0; at < runs.length; at += NUMBERS_OF_RUN)
    end = Math.max(end, (runs[at + 1] ?? 0) + (runs[at + 3] ?? 0))
  return end
}
