import { BucketSums, bucketOf } from './bucket-sums.ts'
import { BYTES_OF_SLOT } from './digest-table.ts'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { MultisetDifference, bucketGroups } from './multiset-difference.ts'
import { type OnRangeTake, type RangesToCompare, type Visit, readBothSides } from './read-both-sides.ts'
import { mostDigests } from './table-size.ts'
import { tablesOf } from './tables-of.ts'

export interface UnorderedResult {
  readonly difference: Pick<MultisetDifference, 'counts' | 'lost' | 'phantom' | 'again'>
  readonly sourceRecords: number
  readonly targetRecords: number
}

/**
 * Compares a target topic with its sources as sets of records, whatever their order and partition. One pass proves
 * equality by sums; only what is in buckets whose sums differ is looked at in further ones, as much at a time as there
 * is memory for.
 *
 * @param onTake sees all digests once, in the first pass
 */
export async function compareUnordered(
  bounds: RangesToCompare,
  consumers: Consumers,
  options: CompareOptions,
  onTake?: OnRangeTake
): Promise<UnorderedResult> {
  const sums = new BucketSums()
  const pass = async (visit: Visit, onTakeNow?: OnRangeTake): ReturnType<typeof readBothSides> =>
    readBothSides(bounds, consumers, { ...options, onTake: onTakeNow }, visit)
  const records = await pass((heap, { words }, at) => sums.add(heap, words, at), onTake)
  const most = mostDigests(options.memory, BYTES_OF_SLOT)
  const { groups, equal } = bucketGroups(sums, most)
  const difference = new MultisetDifference(options.mostNamed)
  difference.addEqual(equal)
  for (const { buckets, digests } of groups) {
    // Equal records are all in one bucket: how many there are says little about how many digests that is.
    const room = Math.min(digests, most)
    const tables = tablesOf(room, async (add) => {
      await pass((heap, { words }, at, range, offset) => {
        if (buckets.has(bucketOf(words, at))) add(heap, words, at, range, offset)
      })
    })
    for await (const table of tables) difference.add(table)
  }
  return {
    difference,
    sourceRecords: records.source,
    targetRecords: records.target
  }
}
