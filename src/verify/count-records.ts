import { DigestReader, type DigestReaderOptions } from './digest-reader.ts'
import type { BatchConsumer } from '../client/types.ts'
import { readRanges } from './read-ranges.ts'
import type { ReadRange } from './verify-types.ts'

export interface CountedRange extends ReadRange {
  /** Records below this offset are counted separately. */
  readonly requiredTo?: number
}

export interface RecordCount {
  readonly records: number
  readonly required: number
}

/** Reads ranges only to count their records: control records and compaction make offsets say more than there is. */
export async function countRecords(
  consumer: BatchConsumer,
  ranges: readonly CountedRange[],
  {
    signal,
    ...options
  }: Pick<DigestReaderOptions, 'cluster' | 'pollBytes' | 'onRead'> & { readonly signal: AbortSignal }
): Promise<RecordCount[]> {
  const reader = new DigestReader(consumer, { ...options, withTimestamps: false })
  const counts = ranges.map(() => ({ records: 0, required: 0 }))
  const toRead = ranges.map((range, index) => ({
    range,
    sink: {
      take({ spans }: { readonly spans: Float64Array }): number {
        const count = counts[index]
        for (let at = 0; at < spans.length && count !== undefined; at += 2) {
          const [first = 0, records = 0] = [spans[at], spans[at + 1]]
          count.records += records
          count.required += Math.max(0, Math.min(records, (range.requiredTo ?? Number.POSITIVE_INFINITY) - first))
        }
        return 0
      }
    }
  }))
  await readRanges(reader, toRead, signal)
  return counts
}
