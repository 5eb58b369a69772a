import { BucketSums, type Heap, bucketOf } from './bucket-sums.ts'
import { BYTES_OF_ENTRY, DigestTable } from './digest-table.ts'
import { DigestReader, type DigestSink } from './digest-reader.ts'
import type { CompareOptions, Consumers } from './compare-ordered.ts'
import { MultisetDifference, bucketGroups } from './multiset-difference.ts'
import { readRanges } from './read-ranges.ts'
import type { ReadRange, TopicBounds } from './verify-types.ts'
import { WORDS } from './words.ts'

type Visit = (heap: Heap, words: Uint32Array, at: number, range: number, offset: number) => void

/** Source ranges, and where their records may be. */
export type RangesToCompare = Pick<TopicBounds, 'sourceRanges' | 'targetRanges'>

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
  const pass = async (visit: Visit): Promise<void> => readBoth(bounds, consumers, options, read, visit)
  await pass((heap, words, at) => sums.add(heap, words, at))
  const most = Math.max(1, Math.floor(options.memory / BYTES_OF_ENTRY / 2))
  const { groups, equal } = bucketGroups(sums, most)
  const difference = new MultisetDifference(options.mostNamed)
  difference.addEqual(equal)
  for (const { buckets, digests } of groups) {
    const table = new DigestTable(digests)
    await pass((heap, words, at, range, offset) => {
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

async function readBoth(
  { sourceRanges, targetRanges }: RangesToCompare,
  consumers: Consumers,
  { withTimestamps, pollBytes, signal, onRead }: Omit<CompareOptions, 'onDone'>,
  read: { source: number; target: number; bytes: number },
  visit: Visit
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const readSide = async (
    cluster: 'source' | 'target',
    ranges: readonly (ReadRange & { readonly requiredTo?: number })[]
  ): Promise<void> => {
    const reader = new DigestReader(consumers[cluster], { cluster, withTimestamps, pollBytes })
    const begin = { records: read[cluster], bytes: 0 }
    const toRead = ranges.map((range, index) => ({
      range,
      sink: visiting((words, at, offset) => {
        const heap = cluster === 'target' ? 'target' : offset < (range.requiredTo ?? 0) ? 'required' : 'optional'
        visit(heap, words, at, index, offset)
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

function visiting(visit: (words: Uint32Array, at: number, offset: number) => void): Pick<DigestSink, 'take'> {
  return {
    take({ spans, words }) {
      let at = 0
      for (let span = 0; span < spans.length; span += 2) {
        const [first = 0, count = 0] = [spans[span], spans[span + 1]]
        for (let index = 0; index < count; index++, at += WORDS) visit(words, at, first + index)
      }
      return 0
    }
  }
}
