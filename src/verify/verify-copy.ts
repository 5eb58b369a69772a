import type { PartitionPolicy } from '../model/policies.ts'
import { compareCounts } from './compare-counts.ts'
import { compareKeys } from './compare-keys.ts'
import type { CompareOptions, Consumers } from './compare-options.ts'
import { compareOrdered } from './compare-ordered.ts'
import { compareSample } from './compare-sample.ts'
import { compareUnordered } from './compare-unordered.ts'
import { examinePairs } from './examine-pairs.ts'
import { type KnownPairs, type PairsToCheck, pairsToCheck } from './known-pairs.ts'
import type { OnTake } from './ordered-pair.ts'
import { nameDiffering } from './pair-result.ts'
import { ProgressCount } from './progress-count.ts'
import { rangesOf, reportPair } from './report-pair.ts'
import { reportUnordered } from './report-unordered.ts'
import { TopicResult } from './topic-result.ts'
import type { SourceRange, TargetRange, TopicBounds, Verification, VerifyMode, VerifyProgress } from './verify-types.ts'

export interface VerifyCopyOptions {
  readonly job: string
  readonly policy: PartitionPolicy
  readonly mode: VerifyMode
  /** Of each topic, if only a sample is compared. */
  readonly sampleRecords?: number | undefined
  readonly strict: boolean
  /** What the job knows of where records went; undefined = nobody looks. */
  readonly known?: KnownPairs
  /** Bytes for digests. */
  readonly memory: number
  /** Bytes for sums over offset pairs. */
  readonly pairSums?: number
  /** Bytes of one poll of either side. */
  readonly pollBytes: number
  /** Of each kind of difference and topic. */
  readonly mostNamed: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: VerifyProgress) => void
}

/** What all topics have in common. */
type PartOptions = Omit<CompareOptions, 'withTimestamps'>

/** Compares topics with their copies between these bounds. */
export async function verifyCopy(
  bounds: readonly TopicBounds[],
  consumers: Consumers,
  options: VerifyCopyOptions
): Promise<Verification> {
  const { job, policy, mode, strict, memory, pollBytes, mostNamed, signal, sampleRecords = 1000 } = options
  const { known, pairSums = 1 << 20 } = options
  const began = performance.now()
  const usesPairs = known !== undefined && mode !== 'counts'
  const pairs = usesPairs ? pairsToCheck(bounds, known, pairSums) : new Map<TopicBounds, PairsToCheck>()
  const results = bounds.map((topic) => new TopicResult(topic, mostNamed, pairs.get(topic)))
  if (usesPairs) for (const result of results) notePairs(result, known)
  const progress = new ProgressCount(bounds, options.onProgress)
  const part: PartOptions = { memory, pollBytes, mostNamed, signal, onRead: progress.read }
  if (mode === 'counts') {
    await compareCounts(results, consumers, part)
    for (const result of results) progress.topicDone(result)
  } else if (mode === 'sample') {
    for (const result of results) {
      const withTimestamps = !result.bounds.isRestamped
      await compareSample(result, sampleRecords, consumers, { ...part, withTimestamps })
      progress.topicDone(result)
    }
  } else {
    await compareAllOrdered(results, consumers, part, progress)
    await compareAllUnordered(results, consumers, part, progress)
  }
  const topics = results.map((result) => result.finish())
  const seconds = (performance.now() - began) / 1000
  const records = topics.reduce((sum, topic) => sum + topic.equal, 0)
  return {
    job,
    mode,
    policy,
    strict,
    equal: results.every(
      ({ different, differingPairs, redelivered }) => different + differingPairs === 0 && (!strict || redelivered === 0)
    ),
    seconds,
    records,
    recordsPerSecond: seconds > 0 ? Math.round(records / seconds) : 0,
    topics
  }
}

function notePairs(result: TopicResult, { notesOf }: KnownPairs): void {
  const { bounds, known } = result
  // Of those only the last record of each key is compared.
  if (bounds.isCompacted) return
  for (const text of bounds.sources.flatMap((topic) => notesOf(topic))) result.note(text)
  if (known === undefined) result.note('no offset pairs are known: where records are is found by their contents alone')
}

/** What was summed up while both sides were read; where the sums differ, pair by pair. */
async function checkPairs(
  result: TopicResult,
  consumers: Consumers,
  part: PartOptions,
  withTimestamps: boolean
): Promise<void> {
  const { bounds, known } = result
  if (known === undefined) return
  const { pairs, check } = known
  const { count, first } = await examinePairs(check.suspicious(), pairs, bounds, consumers, {
    ...part,
    withTimestamps
  })
  result.addPairs(check.checked, count, await nameDiffering(first, consumers, part.signal))
}

async function compareAllOrdered(
  results: readonly TopicResult[],
  consumers: Consumers,
  part: PartOptions,
  progress: ProgressCount
): Promise<void> {
  // One consumer makes digests of one kind at a time.
  for (const withTimestamps of [true, false]) {
    const pairs = results
      .filter(({ bounds }) => bounds.isOrdered && !bounds.isCompacted && bounds.isRestamped !== withTimestamps)
      .flatMap((result) => pairsOf(result.bounds).map((pair) => ({ ...pair, ...onTakeOf(result, pair), result })))
    if (pairs.length === 0) continue
    const resultOf = new Map(pairs.map(({ source, result }) => [source, result]))
    const options = { ...part, withTimestamps }
    const done = await compareOrdered(pairs, consumers, { ...options, onDone: (pair) => progress.done(pair) })
    for (const pair of done) {
      const result = resultOf.get(pair.source)
      if (result === undefined) continue
      const secondLook = pair.needsSecondLook ? await compareUnordered(rangesOf(pair), consumers, options) : undefined
      await reportPair(pair, secondLook, result, consumers, part.signal)
    }
    for (const result of new Set(resultOf.values())) await checkPairs(result, consumers, part, withTimestamps)
  }
}

async function compareAllUnordered(
  results: readonly TopicResult[],
  consumers: Consumers,
  part: PartOptions,
  progress: ProgressCount
): Promise<void> {
  for (const result of results) {
    const { bounds } = result
    if (bounds.isOrdered && !bounds.isCompacted) continue
    const options = { ...part, withTimestamps: !bounds.isRestamped }
    if (bounds.isCompacted) await compareKeys(result, consumers, options)
    else {
      const check = result.known?.check
      const compared = await compareUnordered(bounds, consumers, options, (side, range, digests) =>
        check?.take(side, range, digests)
      )
      await reportUnordered(compared, result, bounds, consumers, part.signal)
      await checkPairs(result, consumers, part, options.withTimestamps)
    }
    progress.topicDone(result)
  }
}

/** Shows what is read of a pair of partitions to the check of offset pairs. */
function onTakeOf(
  { bounds, known }: TopicResult,
  { source, target }: { readonly source: SourceRange; readonly target: TargetRange }
): { readonly onTake?: OnTake } {
  if (known === undefined) return {}
  const index = { source: bounds.sourceRanges.indexOf(source), target: bounds.targetRanges.indexOf(target) }
  return { onTake: (side, digests) => known.check.take(side, index[side], digests) }
}

/** Partition n and its copy n; what only one side has is compared with nothing. */
function pairsOf({ target, sources, sourceRanges, targetRanges }: TopicBounds): {
  source: SourceRange
  target: TargetRange
}[] {
  const count = Math.max(0, ...[...sourceRanges, ...targetRanges].map(({ partition }) => partition + 1))
  return Array.from({ length: count }, (_, partition) => {
    const empty = { partition, from: 0, to: 0, isTrimmed: false }
    return {
      source: sourceRanges.find((range) => range.partition === partition) ?? {
        ...empty,
        topic: sources[0] ?? target,
        requiredTo: 0,
        isStartUnknown: false
      },
      target: targetRanges.find((range) => range.partition === partition) ?? { ...empty, topic: target }
    }
  })
}
