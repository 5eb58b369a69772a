import { BUCKETS, bucketOf } from './bucket-sums.ts'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { compareRecords } from './compare-records.ts'
import { FirstPlaces } from './first-places.ts'
import { BYTES_OF_KEY_SLOT, KeyTable, type LastOfKey } from './key-table.ts'
import { type RangesToCompare, readBothSides } from './read-both-sides.ts'
import { readRecord } from './read-records.ts'
import { mostDigests } from './table-size.ts'
import type { TopicResult } from './topic-result.ts'
import type { ReadRange } from './verify-types.ts'

interface Found {
  readonly at: LastOfKey
  readonly target?: LastOfKey
}

/**
 * Compares the last record of each key, which is all that compaction keeps. A key whose last record deletes it may be
 * missing on either side. Reads both sides once for as many keys as there is memory for.
 */
export async function compareKeys(result: TopicResult, consumers: Consumers, options: CompareOptions): Promise<void> {
  const { bounds } = result
  const mostKeys = [...bounds.sourceRanges, ...bounds.targetRanges].reduce((sum, { from, to }) => sum + to - from, 0)
  const room = mostDigests(options.memory, BYTES_OF_KEY_SLOT)
  // Buckets are as large as each other, give or take.
  const passes = mostKeys <= room ? 1 : Math.min(BUCKETS, Math.ceil((1.2 * mostKeys) / room))
  const lost = new FirstPlaces<Found>(options.mostNamed)
  const phantom = new FirstPlaces<Found>(options.mostNamed)
  const altered = new FirstPlaces<Found>(options.mostNamed)
  const counts = { lost: 0, phantom: 0, altered: 0 }
  for (let pass = 0; pass < passes; pass++) {
    const { table, records } = await readKeys(bounds, consumers, options, {
      pass,
      passes,
      keys: Math.min(mostKeys, room)
    })
    for (const { source, target, isEqual, isInFlight } of table.entries()) {
      if (isEqual) result.equal++
      else if (isInFlight || isNothing(source, target)) continue
      else if (source === undefined && target !== undefined) {
        counts.phantom++
        phantom.add({ at: target })
      } else if (source !== undefined && target === undefined) {
        counts.lost++
        lost.add({ at: source })
      } else if (source !== undefined && target !== undefined) {
        counts.altered++
        altered.add({ at: source, target })
      }
    }
    if (pass === 0) {
      result.sourceRecords += records.source
      result.targetRecords += records.target
    }
  }
  result.add(
    'lost',
    counts.lost,
    lost.first().map(({ at }) => ({ source: placeOf(at, bounds.sourceRanges) }))
  )
  result.add(
    'phantom',
    counts.phantom,
    phantom.first().map(({ at }) => ({ target: placeOf(at, bounds.targetRanges) }))
  )
  result.add('altered', counts.altered, [])
  for (const { at, target = at } of altered.first()) {
    const [from, to] = [placeOf(at, bounds.sourceRanges), placeOf(target, bounds.targetRanges)]
    const record = await readRecord(consumers.source, from, options.signal)
    const copy = await readRecord(consumers.target, to, options.signal)
    const parts = record === undefined || copy === undefined ? [] : compareRecords(record, copy)
    result.add('altered', 0, [{ source: from, target: to, altered: parts }])
  }
  result.note('compacted: only the last record of each key was compared')
}

async function readKeys(
  bounds: RangesToCompare,
  consumers: Consumers,
  options: CompareOptions,
  { pass, passes, keys }: { readonly pass: number; readonly passes: number; readonly keys: number }
): Promise<{ readonly table: KeyTable; readonly records: Awaited<ReturnType<typeof readBothSides>> }> {
  const table = new KeyTable(keys)
  const records = await readBothSides(
    bounds,
    consumers,
    { ...options, withKeys: true },
    (heap, { words, keys }, at, range, offset) => {
      if (passes > 1 && bucketOf(keys, at) % passes !== pass) return
      if (heap === 'optional') table.markInFlight(keys, at)
      else table.set(heap === 'target' ? 'target' : 'source', keys, words, at, range, offset)
    }
  )
  return { table, records }
}

/** What is not there and what says "deleted" is the same: tombstones go after delete.retention.ms. */
function isNothing(source: LastOfKey | undefined, target: LastOfKey | undefined): boolean {
  return (source?.isTombstone ?? true) && (target?.isTombstone ?? true)
}

function placeOf({ range, offset }: LastOfKey, ranges: readonly ReadRange[]) {
  const { topic = '', partition = 0 } = ranges[range] ?? {}
  return { topic, partition, offset }
}
