import { BucketSums, bucketOf } from './bucket-sums.ts'
import { BYTES_OF_ENTRY, DigestTable } from './digest-table.ts'
import type { CompareOptions, Consumers } from './compare-ordered.ts'
import { MultisetDifference, bucketGroups } from './multiset-difference.ts'
import { type RangesToCompare, type Visit, readBothSides } from './read-both-sides.ts'

export interface UnorderedResult {
  readonly difference: Pick<MultisetDifference, 'counts' | 'lost' | 'phantom' | 'again'>
  readonly sourceRecords: number
  readonly targetRecords: number
  /** How often both sides were read. */
  readonly passes: number
}

/**
 * Compares a target topic with its sources as sets of records, whatever their order and partition. One pass proves
 * equality by sums; only what is in buckets whose sums differ is looked at in further ones, as much at a time as there
 * is memory for.
 */
export async function compareUnordered(
  bounds: RangesToCompare,
  consumers: Consumers,
  options: Omit<CompareOptions, 'onDone'>
): Promise<UnorderedResult> {
  const sums = new BucketSums()
  const read = { source: 0, target: 0, bytes: 0 }
  const pass = async (visit: Visit): Promise<void> => readBothSides(bounds, consumers, options, read, visit)
  await pass((heap, { words }, at) => sums.add(heap, words, at))
  const most = Math.max(1, Math.floor(options.memory / BYTES_OF_ENTRY / 2))
  const { groups, equal } = bucketGroups(sums, most)
  const difference = new MultisetDifference(options.mostNamed)
  difference.addEqual(equal)
  for (const { buckets, digests } of groups) {
    const table = new DigestTable(digests)
    await pass((heap, { words }, at, range, offset) => {
      if (buckets.has(bucketOf(words, at))) table.add(heap, words, at, range, offset)
    })
    difference.add(table)
  }
  return {
    difference,
    sourceRecords: sums.total('required') + sums.total('optional'),
    targetRecords: sums.total('target'),
    passes: 1 + groups.length
  }
}
