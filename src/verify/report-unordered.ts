import type { RecordView } from '../model/batch.ts'
import type { PartitionOffset } from '../model/topic-partition.ts'
import { compareRecords, isRestamped, likeness } from './compare-records.ts'
import type { Consumers } from './compare-options.ts'
import type { UnorderedResult } from './compare-unordered.ts'
import type { SeenAt } from './digest-table.ts'
import { isPair, withCounterpart } from './pair-result.ts'
import { readRecord } from './read-records.ts'
import type { RangesToCompare } from './read-both-sides.ts'
import type { TopicPairs } from './topic-pairs.ts'
import type { TopicResult } from './topic-result.ts'
import type { ReadRange } from './verify-types.ts'

interface SeenRecord {
  readonly at: PartitionOffset
  readonly record: RecordView | undefined
}

/** Adds what was found of a topic as a set of records; finds out which of the first lost and phantom are one altered. */
export async function reportUnordered(
  { difference, sourceRecords, targetRecords }: UnorderedResult,
  result: TopicResult,
  { sourceRanges, targetRanges }: RangesToCompare,
  consumers: Consumers,
  signal: AbortSignal
): Promise<void> {
  result.sourceRecords += sourceRecords
  result.targetRecords += targetRecords
  result.equal += difference.counts.equal
  result.addRedelivered(
    difference.counts.again,
    difference.again.map(({ at, target, count }) => ({
      source: placeOf(at, sourceRanges),
      target: placeOf(target, targetRanges),
      count
    }))
  )
  const lost = await readAll(difference.lost, sourceRanges, 'source', consumers, signal)
  const phantom = await readAll(difference.phantom, targetRanges, 'target', consumers, signal)
  const pairs = pairAltered(lost, phantom, result.pairs)
  for (const { source, target } of pairs) {
    const altered =
      source.record === undefined || target.record === undefined ? [] : compareRecords(source.record, target.record)
    const audited = sourceRanges.find((range) => isIn(range, source.at))?.audited
    if (audited?.at(source.at.offset) === 'altered' && isRestamped(altered)) result.audited++
    else result.add('altered', 1, [{ source: source.at, target: target.at, altered }])
  }
  const isPaired = new Set(pairs.flatMap(({ source, target }) => [source, target]))
  const lostCount = difference.counts.lost - pairs.length
  const phantomCount = difference.counts.phantom - pairs.length
  if (lostCount > 0 && targetRanges.some(({ isTrimmed }) => isTrimmed)) {
    result.before.source += lostCount
    result.note(
      'the beginning of a target partition was deleted: source records that are not there may have been in it'
    )
  } else {
    result.add(
      'lost',
      lostCount,
      lost.filter((record) => !isPaired.has(record)).map(({ at }) => withCounterpart({ source: at }, result.pairs))
    )
  }
  if (phantomCount > 0 && sourceRanges.some(({ isTrimmed }) => isTrimmed)) {
    result.before.target += phantomCount
    result.note(
      'the beginning of a source partition was deleted: target records that are not there may have been in it'
    )
  } else {
    result.add(
      'phantom',
      phantomCount,
      phantom.filter((record) => !isPaired.has(record)).map(({ at }) => withCounterpart({ target: at }, result.pairs))
    )
  }
}

async function readAll(
  places: readonly { readonly at: SeenAt }[],
  ranges: readonly ReadRange[],
  side: 'source' | 'target',
  consumers: Consumers,
  signal: AbortSignal
): Promise<SeenRecord[]> {
  const records: SeenRecord[] = []
  for (const place of places) {
    const at = placeOf(place.at, ranges)
    records.push({ at, record: await readRecord(consumers[side], at, signal) })
  }
  return records
}

/** The pairs that are most alike first; each record at most once. */
function pairAltered(
  lost: readonly SeenRecord[],
  phantom: readonly SeenRecord[],
  known: TopicPairs | undefined
): { readonly source: SeenRecord; readonly target: SeenRecord }[] {
  const candidates = lost.flatMap((source) =>
    phantom.flatMap((target) => {
      if (isPair(source.at, target.at, known)) return [{ source, target, alike: Number.POSITIVE_INFINITY }]
      if (source.record === undefined || target.record === undefined) return []
      const { alike, of } = likeness(source.record, target.record)
      // One part is altered, the others are what it is known by.
      return alike > 0 && alike >= of - 1 ? [{ source, target, alike }] : []
    })
  )
  const taken = new Set<SeenRecord>()
  return candidates
    .toSorted((a, b) => Number(b.alike > a.alike) - Number(b.alike < a.alike))
    .filter(({ source, target }) => {
      if (taken.has(source) || taken.has(target)) return false
      taken.add(source).add(target)
      return true
    })
}

function placeOf({ range, offset }: SeenAt, ranges: readonly ReadRange[]): PartitionOffset {
  const { topic = '', partition = 0 } = ranges[range] ?? {}
  return { topic, partition, offset }
}

function isIn({ topic, partition }: ReadRange, at: PartitionOffset): boolean {
  return at.topic === topic && at.partition === partition
}
