import type { Heap } from './bucket-sums.ts'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { DigestReader, type DigestsInRange } from './digest-reader.ts'
import { onBothSides } from './on-both-sides.ts'
import { readRanges } from './read-ranges.ts'
import type { ReadRange, SourceRange, TopicBounds } from './verify-types.ts'
import { visiting } from './visit-digests.ts'

/** Source ranges, and where their records may be. */
export type RangesToCompare = Pick<TopicBounds, 'sourceRanges' | 'targetRanges'>

/** One digest: the words that begin at `at`, of this range (by its index), at this offset. */
export type Visit = (heap: Heap, digests: DigestsInRange, at: number, range: number, offset: number) => void

export type ReadBothOptions = Pick<CompareOptions, 'withTimestamps' | 'pollBytes' | 'signal' | 'onRead'> & {
  readonly withKeys?: boolean
  readonly onTake?: OnRangeTake | undefined
}

/** Sees the digests of a range, by its index, as they come. */
export type OnRangeTake = (cluster: 'source' | 'target', range: number, digests: DigestsInRange) => void

type RangeOfSide = ReadRange & Partial<Pick<SourceRange, 'requiredTo' | 'audited'>>

/**
 * Reads source and target at the same time and shows every digest once; those of a partition in order. Returns how many
 * there were.
 */
export async function readBothSides(
  { sourceRanges, targetRanges }: RangesToCompare,
  consumers: Consumers,
  { withTimestamps, withKeys = false, pollBytes, signal, onRead, onTake }: ReadBothOptions,
  visit: Visit
): Promise<{ readonly source: number; readonly target: number }> {
  const records = { source: 0, target: 0 }
  const ranges: Record<'source' | 'target', readonly RangeOfSide[]> = { source: sourceRanges, target: targetRanges }
  await onBothSides(signal, async (cluster, either) => {
    const reader = new DigestReader(consumers[cluster], { cluster, withTimestamps, withKeys, pollBytes, onRead })
    const toRead = ranges[cluster].map((range, index) => {
      const sink = visiting((digests, at, offset) => {
        const isOptional = offset >= (range.requiredTo ?? 0) || range.audited?.at(offset) === 'removed'
        const heap = cluster === 'target' ? 'target' : isOptional ? 'optional' : 'required'
        visit(heap, digests, at, index, offset)
      })
      const take = (digests: DigestsInRange): number => {
        onTake?.(cluster, index, digests)
        return sink.take(digests)
      }
      return { range, sink: { take } }
    })
    await readRanges(reader, toRead, either)
    records[cluster] = reader.records
  })
  return records
}
