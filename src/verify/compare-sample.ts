import type { PartitionOffset } from '../model/topic-partition.ts'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { nameDiffering, withCounterpart } from './pair-result.ts'
import { readPieces } from './read-pieces.ts'
import { lookUpPairs, type SampledRecord } from './look-up-pairs.ts'
import { sampleWindows } from './sample-windows.ts'
import type { TopicResult } from './topic-result.ts'
import type { ReadRange, SourceRange, TargetRange } from './verify-types.ts'
import { visiting } from './visit-digests.ts'
import { digestKey } from './words.ts'

type SampleOptions = Pick<CompareOptions, 'withTimestamps' | 'pollBytes' | 'signal' | 'onRead' | 'mostNamed'>

/** Records that are looked for and have one digest. */
interface Wanted {
  readonly places: PartitionOffset[]
  /** How many of them were found. */
  found: number
}

/** How far around the place where they should be records are looked for, before all of the partition is read. */
const NEAR = [1_000, 50_000]

/**
 * Looks for some records of the source in the target: where it has acknowledged them; else where they should be, if the
 * policy keeps partitions; and if they are not there in all of it. What is not found anywhere is lost, or altered: only a
 * full comparison can tell, or a pair that differs.
 */
export async function compareSample(
  result: TopicResult,
  records: number,
  consumers: Consumers,
  options: SampleOptions
): Promise<void> {
  const { bounds } = result
  if (bounds.isCompacted) {
    result.note('compacted: not sampled, because any record but the last of its key may be gone')
    return
  }
  const sampled: SampledRecord[] = []
  const windows = sampleWindows(bounds.sourceRanges, records)
  await readSamples('source', windows, consumers, options, (range, key, offset) => {
    const audited = rangeOf(range, bounds.sourceRanges)?.audited?.at(offset)
    if (audited !== undefined) result.audited++
    else sampled.push({ at: { topic: range.topic, partition: range.partition, offset }, key })
  })
  const count = sampled.length
  result.sourceRecords += count
  const wanted = new Map<string, Wanted>()
  for (const { at, key } of await withoutPaired(sampled, result, consumers, options)) addTo(wanted, key, at)
  const missing = (): PartitionOffset[] => missingOf([...wanted.values()])
  const find = async (ranges: readonly ReadRange[]): Promise<void> => {
    await readSamples('target', ranges, consumers, options, (_, key) => {
      const alike = wanted.get(key)
      if (alike !== undefined && alike.found < alike.places.length) alike.found++
    })
  }
  if (bounds.isOrdered) {
    for (const slack of NEAR) await find(nearbyRanges(missing(), bounds.sourceRanges, bounds.targetRanges, slack))
  }
  const left = missing()
  const partitions = new Set(left.map(({ partition }) => partition))
  await find(
    left.length === 0 ? [] : bounds.targetRanges.filter((of) => !bounds.isOrdered || partitions.has(of.partition))
  )

  const lost = missing()
  result.targetRecords += count - lost.length
  result.equal += count - lost.length
  if (lost.length === 0) return
  if (bounds.targetRanges.some(({ isTrimmed }) => isTrimmed) || bounds.sourceRanges.some((of) => of.isStartUnknown)) {
    result.before.source += lost.length
    result.note(
      'records that were not found may be older than what the target has: --full finds the first common record'
    )
    return
  }
  result.add(
    'lost',
    lost.length,
    lost.slice(0, options.mostNamed).map((source) => withCounterpart({ source }, result.pairs))
  )
  if (result.pairs === undefined) result.note('a sample can’t tell altered records from lost ones: --full can')
}

/** Those that are not where the target acknowledged them, or of which nothing is known. */
async function withoutPaired(
  sampled: readonly SampledRecord[],
  result: TopicResult,
  consumers: Consumers,
  options: SampleOptions
): Promise<readonly SampledRecord[]> {
  const { bounds, pairs } = result
  if (pairs === undefined) return sampled
  const { found, checked, count, first } = await lookUpPairs(sampled, pairs, bounds, consumers, options)
  result.addPairs(checked, count, await nameDiffering(first, consumers, options.signal))
  return sampled.filter((record) => !found.has(record))
}

/** Where records should be if the target has as many as the source between here and there, give or take `slack`. */
function nearbyRanges(
  missing: readonly PartitionOffset[],
  sources: readonly SourceRange[],
  targets: readonly TargetRange[],
  slack: number
): ReadRange[] {
  const ranges: { topic: string; partition: number; from: number; to: number }[] = []
  for (const { partition, offset } of missing) {
    const source = sources.find((range) => range.partition === partition)
    const target = targets.find((range) => range.partition === partition)
    if (source === undefined || target === undefined) continue
    const place = target.from + (offset - source.from)
    const from = Math.max(target.from, place - slack)
    const to = Math.min(target.to, place + slack + 1)
    if (from >= to) continue
    const last = ranges.at(-1)
    if (last?.partition === partition && from <= last.to) last.to = Math.max(last.to, to)
    else ranges.push({ topic: target.topic, partition, from, to })
  }
  return ranges
}

/** Reads ranges as digests; several of one partition one after the other. */
async function readSamples(
  cluster: 'source' | 'target',
  ranges: readonly ReadRange[],
  consumers: Consumers,
  options: SampleOptions,
  visit: (range: ReadRange, key: string, offset: number) => void
): Promise<void> {
  await readPieces(cluster, ranges, consumers, options, (range) =>
    visiting(({ words }, at, offset) => visit(range, digestKey(words, at), offset))
  )
}

function addTo(wanted: Map<string, Wanted>, key: string, place: PartitionOffset): void {
  const alike = wanted.get(key)
  if (alike === undefined) wanted.set(key, { places: [place], found: 0 })
  else alike.places.push(place)
}

function missingOf(wanted: readonly Wanted[]): PartitionOffset[] {
  return wanted
    .flatMap(({ places, found }) => places.slice(found))
    .toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
}

function rangeOf(of: ReadRange, ranges: readonly SourceRange[]): SourceRange | undefined {
  return ranges.find(({ topic, partition }) => topic === of.topic && partition === of.partition)
}
