import type { Heap } from './bucket-sums.ts'
import type { CompareOptions, Consumers } from './compare-ordered.ts'
import { DigestReader, type DigestSink, type DigestsInRange } from './digest-reader.ts'
import { readRanges } from './read-ranges.ts'
import type { ReadRange, SourceRange, TopicBounds } from './verify-types.ts'
import { WORDS } from './words.ts'

/** Source ranges, and where their records may be. */
export type RangesToCompare = Pick<TopicBounds, 'sourceRanges' | 'targetRanges'>

/** One digest: the words that begin at `at`, of this range (by its index), at this offset. */
export type Visit = (heap: Heap, digests: DigestsInRange, at: number, range: number, offset: number) => void

export type ReadBothOptions = Pick<CompareOptions, 'withTimestamps' | 'pollBytes' | 'signal' | 'onRead'> & {
  readonly withKeys?: boolean
}

/** Reads source and target at the same time and shows every digest once; those of a partition in order. */
export async function readBothSides(
  { sourceRanges, targetRanges }: RangesToCompare,
  consumers: Consumers,
  { withTimestamps, withKeys = false, pollBytes, signal, onRead }: ReadBothOptions,
  read: { source: number; target: number; bytes: number },
  visit: Visit
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const readSide = async (
    cluster: 'source' | 'target',
    ranges: readonly (ReadRange & Partial<Pick<SourceRange, 'requiredTo' | 'audited'>>)[]
  ): Promise<void> => {
    const reader = new DigestReader(consumers[cluster], { cluster, withTimestamps, withKeys, pollBytes })
    const begin = { records: read[cluster], bytes: 0 }
    const toRead = ranges.map((range, index) => ({
      range,
      sink: visiting((digests, at, offset) => {
        const isOptional = offset >= (range.requiredTo ?? 0) || range.audited?.at(offset) === 'removed'
        const heap = cluster === 'target' ? 'target' : isOptional ? 'optional' : 'required'
        visit(heap, digests, at, index, offset)
      })
    }))
    try {
      await readRanges(reader, toRead, {
        signal: either,
        onRead: () => {
          read[cluster] = begin.records + reader.records
          read.bytes += reader.bytes - begin.bytes
          begin.bytes = reader.bytes
          onRead(read)
        }
      })
    } catch (error) {
      failed.abort(error)
      throw error
    }
  }
  const sides = await Promise.allSettled([readSide('source', sourceRanges), readSide('target', targetRanges)])
  // Aborted by the other's failure, a side rejects with the same error.
  for (const side of sides) if (side.status === 'rejected') throw side.reason
}

function visiting(visit: (digests: DigestsInRange, at: number, offset: number) => void): Pick<DigestSink, 'take'> {
  return {
    take(digests) {
      const { spans } = digests
      let at = 0
      for (let span = 0; span < spans.length; span += 2) {
        const [first = 0, count = 0] = [spans[span], spans[span + 1]]
        for (let index = 0; index < count; index++, at += WORDS) visit(digests, at, first + index)
      }
      return 0
    }
  }
}
