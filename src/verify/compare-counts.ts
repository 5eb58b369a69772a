import type { CompareOptions, Consumers } from './compare-options.ts'
import { type CountedRange, type RecordCount, countRecords } from './count-records.ts'
import type { TopicResult } from './topic-result.ts'
import type { ReadRange, SourceRange, TargetRange, TopicBounds } from './verify-types.ts'

/** Ranges whose records must be as many: partition by partition where the policy keeps partitions, else the topic. */
interface CountedPair {
  readonly result: TopicResult
  readonly source: readonly SourceRange[]
  readonly target: readonly TargetRange[]
}

/**
 * Compares numbers of records. Where the offsets already agree nothing is read; where they don't, records are counted,
 * because offsets also count control records and what was compacted.
 */
export async function compareCounts(
  results: readonly TopicResult[],
  consumers: Consumers,
  { pollBytes, signal, onRead }: Pick<CompareOptions, 'pollBytes' | 'signal' | 'onRead'>
): Promise<void> {
  const pairs = results.flatMap((result) => countedPairs(result.bounds).map((pair) => ({ result, ...pair })))
  const unclear: CountedPair[] = []
  for (const pair of pairs) {
    const source = pair.source.map((range) => ({ records: width(range), required: required(range) }))
    const target = pair.target.map((range) => ({ records: width(range) }))
    if (isClear(sum(source, 'required'), sum(source, 'records'), sum(target, 'records'))) report(pair, source, target)
    else unclear.push(pair)
  }
  const count = async (cluster: 'source' | 'target'): Promise<RecordCount[]> =>
    countRecords(
      consumers[cluster],
      unclear.flatMap((pair): readonly CountedRange[] => pair[cluster]),
      { cluster, pollBytes, signal, onRead }
    )
  const [source, target] = [await count('source'), await count('target')]
  for (const pair of unclear) {
    report(pair, source.splice(0, pair.source.length), target.splice(0, pair.target.length))
  }
}

function countedPairs({ isOrdered, sourceRanges, targetRanges }: TopicBounds): Omit<CountedPair, 'result'>[] {
  if (!isOrdered) return [{ source: sourceRanges, target: targetRanges }]
  const partitions = new Set([...sourceRanges, ...targetRanges].map(({ partition }) => partition))
  return [...partitions].map((partition) => ({
    source: sourceRanges.filter((range) => range.partition === partition),
    target: targetRanges.filter((range) => range.partition === partition)
  }))
}

function isClear(least: number, most: number, target: number): boolean {
  return target >= least && target <= most
}

function report(
  { result, source: sourceRanges, target: targetRanges }: CountedPair,
  source: readonly { readonly records: number; readonly required: number }[],
  target: readonly { readonly records: number }[]
): void {
  const [least, most, there] = [sum(source, 'required'), sum(source, 'records'), sum(target, 'records')]
  result.sourceRecords += least
  result.targetRecords += there
  result.equal += Math.min(least, there)
  const audited = sourceRanges.some((range) => range.audited !== undefined)
  const trimmed = sourceRanges.some(({ isTrimmed }) => isTrimmed) || targetRanges.some(({ isTrimmed }) => isTrimmed)
  if (isClear(least, most, there)) return
  if (result.bounds.isCompacted) {
    result.note(
      'compacted: the counts of source and target need not agree, --full compares the last record of each key'
    )
    return
  }
  if (audited) {
    result.note('the audit trail names records that were not copied: --full takes them into account, counts do not')
  }
  if (trimmed) {
    result.note('records were deleted at the beginning, so the counts say little: --full finds the first common record')
  }
  const [from] = sourceRanges
  const [to] = targetRanges
  const place = {
    ...(from !== undefined && { source: at(from) }),
    ...(to !== undefined && { target: at(to) })
  }
  if (there < least) result.add('lost', least - there, [place])
  else if (most === 0) result.add('phantom', there, [place])
  else {
    result.addRedelivered(there - most, [])
    result.note(
      'records that the target has too many were taken for re-delivered ones: --full tells them from phantoms'
    )
  }
}

function at({ topic, partition, from }: ReadRange): { topic: string; partition: number; offset: number } {
  return { topic, partition, offset: from }
}

function width({ from, to }: ReadRange): number {
  return Math.max(0, to - from)
}

function required({ from, to, requiredTo }: SourceRange): number {
  return Math.max(0, Math.min(requiredTo, to) - from)
}

function sum<K extends string>(counts: readonly Readonly<Record<K, number>>[], key: K): number {
  return counts.reduce((total, count) => total + count[key], 0)
}
