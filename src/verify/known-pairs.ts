import type { TopicPartition } from '../model/topic-partition.ts'
import { PairCheck, chunkFor } from './pair-check.ts'
import { type KeptRuns, TopicPairs } from './topic-pairs.ts'
import type { TopicBounds } from './verify-types.ts'

/** The offset pairs that a job has kept, as far as they belong to the topics that are there now. */
export interface KnownPairs {
  /** Of a source partition; undefined = none. */
  readonly of: (partition: TopicPartition) => KeptRuns | undefined
  /** What a reader should know of them, by source topic. */
  readonly notesOf: (topic: string) => readonly string[]
}

/** Pairs of a topic, and how they are checked while it is read. */
export interface PairsToCheck {
  readonly pairs: TopicPairs
  readonly check: PairCheck
}

/** @param sumBytes bytes that sums over the pairs of all topics may take */
export function pairsToCheck(
  bounds: readonly TopicBounds[],
  known: KnownPairs,
  sumBytes: number
): ReadonlyMap<TopicBounds, PairsToCheck> {
  const offsets = bounds
    .flatMap(({ sourceRanges }) => sourceRanges)
    .reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
  const chunk = chunkFor(offsets, sumBytes)
  const found = new Map<TopicBounds, PairsToCheck>()
  for (const topic of bounds) {
    // What compaction took away can't be told from what is missing.
    if (topic.isCompacted) continue
    const pairs = new TopicPairs(topic, known.of)
    if (!pairs.isEmpty) found.set(topic, { pairs, check: new PairCheck(pairs, topic, chunk) })
  }
  return found
}
