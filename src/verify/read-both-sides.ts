import type { Heap } from './bucket-sums.ts'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { DigestReader, type DigestsInRange } from './digest-reader.ts'
import { readRanges } from './read-ranges.ts'
import type { ReadRange, SourceRange, TopicBounds } from './verify-types.ts'
import { visiting } from './visit-digests.ts'

/** Source ranges, and where their records may be. */
export type RangesToCompare = Pick<TopicBounds, 'sourceRanges' | 'targetRanges'>

/** One digest: the words that begin at `at`, of this range (by its index), at this offset. */
export type Visit = (heap: Heap, digests: DigestsInRange, at: number, range: number, offset: number) => void

export type ReadBothOptions = Pick<CompareOptions, 'withTimestamps' | 'pollBytes' | 'signal' | 'onRead'> & {
  readonly withKeys?: boolean
}

/**
 * Reads source and target at the same time and shows every digest once; those of a partition in order. Returns how many
 * there were.
 */
export async function readBothSides(
  { sourceRanges, targetRanges }: RangesToCompare,
  consumers: Consumers,
  { withTimestamps, withKeys = false, pollBytes, signal, onRead }: ReadBothOptions,
  visit: Visit
): Promise<{ readonly source: number; readonly target: number }> {
  const records = { source: 0, target: 0 }
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const readSide = async (
    cluster: 'source' | 'target',
    ranges: readonly (ReadRange & Partial<Pick<SourceRange, 'requiredTo' | 'audited'>>)[]
  ): Promise<void> => {
    const reader = new DigestReader(consumers[cluster], { cluster, withTimestamps, withKeys, pollBytes, onRead })
    const toRead = ranges.map((range, index) => ({
      range,
      sink: visiting((digests, at, offset) => {
        const isOptional = offset >= (range.requiredTo ?? 0) || range.audited?.at(offset) === 'removed'
        const heap = cluster === 'target' ? 'target' : isOptional ? 'optional' : 'required'
        visit(heap, digests, at, index, offset)
      })
    }))
    try {
      await readRanges(reader, toRead, either)
      records[cluster] = reader.records
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const sides = await Promise.allSettled([readSide('source', sourceRanges), readSide('target', targetRanges)])
  // Aborted by the other's failure, a side rejects with the same error.
  for (const side of sides) if (side.status === 'rejected') throw side.reason
  return records
}
