import type { PartitionOffset } from '../model/topic-partition.ts'
import type { Consumers } from './compare-options.ts'
import { compareRecords, isRestamped, likeness } from './compare-records.ts'
import type { UnorderedResult } from './compare-unordered.ts'
import type { DifferenceKind, DifferencePlace } from './difference-list.ts'
import type { OrderedPair } from './ordered-pair.ts'
import { isPair, withCounterpart } from './pair-result.ts'
import { readRecord } from './read-records.ts'
import { reportUnordered } from './report-unordered.ts'
import type { Alignment } from './sequence-aligner.ts'
import type { RangesToCompare } from './read-both-sides.ts'
import type { TopicResult } from './topic-result.ts'
import type { AlteredPart, NamedDifference } from './verify-types.ts'

/**
 * Adds what was found of a pair of partitions to its topic; looks at the records that may be altered ones.
 *
 * @param secondLook the same pair compared as sets: says better what is lost, phantom or altered, but knows no order
 */
export async function reportPair(
  pair: OrderedPair,
  secondLook: UnorderedResult | undefined,
  result: TopicResult,
  consumers: Consumers,
  signal: AbortSignal
): Promise<void> {
  const { source, target, result: alignment, records } = pair
  if (alignment === undefined) return
  const atSource = (offset: number): PartitionOffset => ({ topic: source.topic, partition: source.partition, offset })
  const atTarget = (offset: number): PartitionOffset => ({ topic: target.topic, partition: target.partition, offset })
  const named = (place: DifferencePlace): NamedDifference => ({
    ...(place.source !== undefined && { source: atSource(place.source) }),
    ...(place.target !== undefined && { target: atTarget(place.target) })
  })

  const add = (kind: Exclude<DifferenceKind, 'altered'>): void => {
    const { count, first } = alignment.differences[kind]
    result.add(
      kind,
      count,
      first.map((place) => withCounterpart(named(place), result.pairs))
    )
  }
  add('duplicate')
  if (!alignment.isRough) add('reordered')
  result.addRedelivered(
    alignment.redelivered,
    alignment.redeliveries.map((run) => ({
      source: atSource(run.source),
      target: atTarget(run.target),
      count: run.count
    }))
  )
  if (secondLook !== undefined) {
    await reportUnordered(withoutAgain(secondLook, alignment, result), result, rangesOf(pair), consumers, signal)
    return
  }
  result.sourceRecords += records.source
  result.targetRecords += records.target
  result.equal += alignment.compared
  result.audited += alignment.audited
  noteBefore(alignment, result)
  add('lost')
  add('phantom')
  for (const altered of alignment.pairs) {
    const [from, to] = [atSource(altered.source), atTarget(altered.target)]
    const parts = await alteredParts(from, to, isPair(from, to, result.pairs), consumers, signal)
    if (parts === undefined) {
      result.add('lost', 1, [withCounterpart({ source: from }, result.pairs)])
      result.add('phantom', 1, [withCounterpart({ target: to }, result.pairs)])
    } else if (source.audited?.at(altered.source) === 'altered' && isRestamped(parts)) {
      result.audited++
    } else {
      result.add('altered', 1, [{ source: from, target: to, altered: parts }])
    }
  }
  result.add('altered', alignment.morePairs, [])
  if (alignment.morePairs > 0) {
    result.note('only the first altered records were looked at: some may be lost ones with a phantom in their place')
  }
}

/** Less what the ordered comparison has named already. */
function withoutAgain(look: UnorderedResult, alignment: Alignment, result: TopicResult): UnorderedResult {
  const { counts, lost, phantom } = look.difference
  const known = alignment.redelivered + alignment.differences.duplicate.count
  const again = Math.max(0, counts.again - known)
  if (again > 0) result.note(`${again} records were delivered again from so far back that their order was not compared`)
  if (alignment.isRough) result.note('too much differs for the order of records to be judged')
  return { ...look, difference: { counts: { ...counts, again }, lost, phantom, again: [] } }
}

function noteBefore({ before, compared }: Alignment, result: TopicResult): void {
  // With nothing in common these are not the leftovers of retention.
  if (compared === 0 && before.source > 0 && before.target > 0) {
    result.add('lost', before.source, [])
    result.add('phantom', before.target, [])
    return
  }
  result.before.source += before.source
  result.before.target += before.target
}

/** Undefined: these are two different records. */
async function alteredParts(
  source: PartitionOffset,
  target: PartitionOffset,
  isKnown: boolean,
  consumers: Consumers,
  signal: AbortSignal
): Promise<readonly AlteredPart[] | undefined> {
  const record = await readRecord(consumers.source, source, signal)
  const copy = await readRecord(consumers.target, target, signal)
  // Deleted meanwhile: that they differed is known all the same.
  if (record === undefined || copy === undefined) return []
  return isKnown || likeness(record, copy).alike > 0 ? compareRecords(record, copy) : undefined
}

/** The pair as sets. */
export function rangesOf({ source, target }: OrderedPair): RangesToCompare {
  return { sourceRanges: [source], targetRanges: [target] }
}
