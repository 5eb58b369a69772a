import type { PartitionOffset } from '../model/topic-partition.ts'
import { compareRecords } from './compare-records.ts'
import type { Consumers } from './compare-options.ts'
import { readRecord } from './read-records.ts'
import type { TopicPairs } from './topic-pairs.ts'
import type { NamedDifference } from './verify-types.ts'

/** A source record, and where the target acknowledged it. */
export interface DifferencePair {
  readonly source: PartitionOffset
  readonly target: PartitionOffset
}

/** Says in which parts the records of these pairs differ; nothing of one that is not there. */
export async function nameDiffering(
  pairs: readonly DifferencePair[],
  consumers: Consumers,
  signal: AbortSignal
): Promise<NamedDifference[]> {
  const named: NamedDifference[] = []
  for (const { source, target } of pairs) {
    const record = await readRecord(consumers.source, source, signal)
    const copy = await readRecord(consumers.target, target, signal)
    const altered = record === undefined || copy === undefined ? {} : { altered: compareRecords(record, copy) }
    named.push({ source, target, ...altered })
  }
  return named
}

/** Names the other side of a record that one side misses: where it was acknowledged, or what was acknowledged there. */
export function withCounterpart(difference: NamedDifference, pairs: TopicPairs | undefined): NamedDifference {
  const { source, target } = difference
  if (pairs === undefined || (source !== undefined && target !== undefined)) return difference
  const [at] = source !== undefined ? pairs.targetsOf(source) : target !== undefined ? pairs.sourcesOf(target) : []
  if (at === undefined) return difference
  return source === undefined ? { ...difference, source: at } : { ...difference, target: at }
}

/** The target acknowledged this record at that offset, so whatever is there now is its copy. */
export function isPair(source: PartitionOffset, target: PartitionOffset, pairs: TopicPairs | undefined): boolean {
  return (
    pairs
      ?.targetsOf(source)
      .some(({ partition, offset }) => partition === target.partition && offset === target.offset) ?? false
  )
}
