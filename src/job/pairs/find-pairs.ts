import { NUMBERS_OF_RUN } from '../../model/offset-pairs.ts'
import { type PartitionOffset, partitionName } from '../../model/topic-partition.ts'
import type { PairedPartition } from './pair-block.ts'
import { readPairs } from './read-pairs.ts'

/** A record at the source and where the target has acknowledged it. */
export interface OffsetPair {
  readonly source: PartitionOffset
  readonly target: PartitionOffset
  /** When the copy that it belongs to began, in ms. */
  readonly since: number
  /** A topic has been made again since, or the copy was begun anew. */
  readonly isEarlier: boolean
}

/** What the kept pairs say of one offset. */
export interface FoundPairs {
  /** Several: it was delivered more than once. The newest last. */
  readonly pairs: readonly OffsetPair[]
  /** There are pairs of its partition. */
  readonly isKnown: boolean
  /** Some pairs of source offsets below are not kept any more; 0 = none. */
  readonly forgottenBelow: number
}

/** Looks up where a source offset went, or, in `reverse`, which source offset a target offset came from. */
export async function findPairs(stateDir: string, at: PartitionOffset, reverse: boolean): Promise<FoundPairs> {
  const found = new Map<string, Omit<OffsetPair, 'isEarlier'>>()
  const generations = new Map<string, number>()
  let isKnown = false
  let forgottenBelow = 0
  await readPairs(stateDir, (partition) => {
    const source = partitionName({ topic: partition.topics.source, partition: partition.partition })
    generations.set(source, Math.max(generations.get(source) ?? 0, partition.generation))
    const topic = reverse ? partition.topics.target : partition.topics.source
    if (topic !== at.topic || (!reverse && partition.partition !== at.partition)) return
    isKnown ||= partition.runs.length > 0
    forgottenBelow = Math.max(forgottenBelow, partition.forgotten)
    for (const pair of pairsAt(partition, at, reverse)) {
      const key = [partition.generation, place(pair.source), place(pair.target)].join(' ')
      // The newest of those that say the same.
      found.delete(key)
      found.set(key, pair)
    }
  })
  const pairs = [...found.values()].map((pair) => ({
    ...pair,
    isEarlier: pair.since < (generations.get(partitionName(pair.source)) ?? 0)
  }))
  return { pairs, isKnown, forgottenBelow }
}

function* pairsAt(
  { topics, partition, generation, runs }: PairedPartition,
  at: PartitionOffset,
  reverse: boolean
): Generator<Omit<OffsetPair, 'isEarlier'>> {
  for (let index = 0; index < runs.length; index += NUMBERS_OF_RUN) {
    const [target = 0, sourceOffset = 0, targetOffset = 0, count = 0] = runs.slice(index, index + NUMBERS_OF_RUN)
    if (reverse && target !== at.partition) continue
    const ahead = at.offset - (reverse ? targetOffset : sourceOffset)
    if (ahead < 0 || ahead >= count) continue
    yield {
      source: { topic: topics.source, partition, offset: sourceOffset + ahead },
      target: { topic: topics.target, partition: target, offset: targetOffset + ahead },
      since: generation
    }
  }
}

function place({ topic, partition, offset }: PartitionOffset): string {
  return `${topic}-${partition}@${offset}`
}
