import type { Batch } from '../model/batch.ts'
import { addRun, type DeliveredRuns, NUMBERS_OF_RUN, type PairRuns } from '../model/offset-pairs.ts'
import type { Settlement } from '../model/settlement.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'
import type { PreparedPartition } from './types.ts'

interface Collected {
  readonly source: TopicPartition
  readonly generation: number
  runs: PairRuns
}

/** A topic with a hole behind each record has a run for each: more of them between two commits are left out. */
const MOST_RUNS = 50_000

/**
 * Which source offset went to which target offset, from delivery reports, until somebody keeps it. Costs a look-up a
 * batch; what the broker did not tell is left out.
 *
 * Invariant: `#dirty` are exactly the partitions with runs. Batches of one assignment have the same `source` object,
 * which is what they are known by: a partition that is assigned anew may be that of another topic of the same name.
 */
export class DeliveredPairs {
  readonly #generations = new Map<string, number>()
  #bySource = new WeakMap<TopicPartition, Collected>()
  #dirty: Collected[] = []
  readonly #most: number
  #numbers = 0

  constructor(mostRuns = MOST_RUNS) {
    this.#most = mostRuns * NUMBERS_OF_RUN
  }

  begin(partition: Pick<PreparedPartition, 'topic' | 'partition' | 'generation'>): void {
    const { generation } = partition
    if (generation !== undefined) this.#generations.set(partitionName(partition), generation)
  }

  settled({ source, targetPartition }: Batch, { runs }: Settlement): void {
    if (runs.length === 0 || targetPartition === undefined) return
    const collected = this.#of(source)
    if (collected === undefined) return
    const before = collected.runs.length
    for (const { sourceOffset, targetOffset, count } of runs) {
      if (targetOffset < 0 || this.#numbers + collected.runs.length - before >= this.#most) continue
      addRun(collected.runs, targetPartition, sourceOffset, targetOffset, count)
    }
    if (before === 0 && collected.runs.length > 0) this.#dirty.push(collected)
    this.#numbers += collected.runs.length - before
  }

  /** What came since the last call. */
  take(): readonly DeliveredRuns[] {
    const taken = this.#dirty.map((collected) => {
      const { source, generation, runs } = collected
      collected.runs = []
      return { topic: source.topic, partition: source.partition, generation, runs }
    })
    this.#dirty = []
    this.#numbers = 0
    return taken
  }

  #of(source: TopicPartition): Collected | undefined {
    const known = this.#bySource.get(source)
    if (known !== undefined) return known
    const generation = this.#generations.get(partitionName(source))
    if (generation === undefined) return undefined
    const collected = { source, generation, runs: [] }
    this.#bySource.set(source, collected)
    return collected
  }
}
