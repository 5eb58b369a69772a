import type { PartitionPolicy } from '../model/policies.ts'
import { compareCounts } from './compare-counts.ts'
import { type CompareOptions, type Consumers, compareOrdered } from './compare-ordered.ts'
import { compareKeys } from './compare-keys.ts'
import { compareSample } from './compare-sample.ts'
import { compareUnordered } from './compare-unordered.ts'
import type { OrderedPair } from './ordered-pair.ts'
import { rangesOf, reportPair } from './report-pair.ts'
import { reportUnordered } from './report-unordered.ts'
import { TopicResult } from './topic-result.ts'
import type { SourceRange, TargetRange, TopicBounds, Verification, VerifyMode, VerifyProgress } from './verify-types.ts'

type ReadCount = Parameters<CompareOptions['onRead']>[0]

export interface VerifyCopyOptions {
  readonly job: string
  readonly policy: PartitionPolicy
  readonly mode: VerifyMode
  /** Of each topic, if only a sample is compared. */
  readonly sampleRecords?: number | undefined
  readonly strict: boolean
  /** Bytes for digests. */
  readonly memory: number
  /** Bytes of one poll of either side. */
  readonly pollBytes: number
  /** Of each kind of difference and topic. */
  readonly mostNamed: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: VerifyProgress) => void
}

/** Compares topics with their copies between these bounds. */
export async function verifyCopy(
  bounds: readonly TopicBounds[],
  consumers: Consumers,
  options: VerifyCopyOptions
): Promise<Verification> {
  const { job, policy, mode, strict, mostNamed } = options
  const began = performance.now()
  const results = bounds.map((topic) => new TopicResult(topic, mostNamed))
  const progress = new ProgressCount(bounds, options.onProgress)
  if (mode === 'counts') {
    await compareCounts(results, consumers, {
      pollBytes: options.pollBytes,
      signal: options.signal,
      onRead: (read) => progress.read(read)
    })
  } else if (mode === 'sample') {
    await compareSamples(results, consumers, options, progress)
  } else {
    await compareAllOrdered(results, consumers, options, progress)
    await compareAllUnordered(results, consumers, options, progress)
  }
  const topics = results.map((result) => result.finish())
  const seconds = (performance.now() - began) / 1000
  const records = topics.reduce((sum, topic) => sum + topic.equal, 0)
  return {
    job,
    mode,
    policy,
    strict,
    equal: results.every(({ different, redelivered }) => different === 0 && (!strict || redelivered === 0)),
    seconds,
    records,
    recordsPerSecond: seconds > 0 ? Math.round(records / seconds) : 0,
    topics
  }
}

async function compareAllOrdered(
  results: readonly TopicResult[],
  consumers: Consumers,
  { memory, pollBytes, mostNamed, signal }: VerifyCopyOptions,
  progress: ProgressCount
): Promise<void> {
  // One consumer makes digests of one kind at a time.
  for (const withTimestamps of [true, false]) {
    const pairs = results
      .filter(({ bounds }) => bounds.isOrdered && !bounds.isCompacted && bounds.isRestamped !== withTimestamps)
      .flatMap((result) => pairsOf(result.bounds).map((pair) => ({ ...pair, result })))
    if (pairs.length === 0) continue
    const resultOf = new Map(pairs.map(({ source, result }) => [source, result]))
    const done: OrderedPair[] = await compareOrdered(pairs, consumers, {
      withTimestamps,
      memory,
      pollBytes,
      mostNamed,
      signal,
      onRead: (read) => progress.read(read),
      onDone: (pair) => progress.done(pair)
    })
    for (const pair of done) {
      const result = resultOf.get(pair.source)
      if (result === undefined) continue
      const secondLook = pair.needsSecondLook
        ? await compareUnordered(rangesOf(pair), consumers, {
            withTimestamps,
            memory,
            pollBytes,
            mostNamed,
            signal,
            onRead: () => progress.again()
          })
        : undefined
      await reportPair(pair, secondLook, result, consumers, signal)
    }
  }
}

async function compareSamples(
  results: readonly TopicResult[],
  consumers: Consumers,
  { pollBytes, mostNamed, signal, sampleRecords = 1000 }: VerifyCopyOptions,
  progress: ProgressCount
): Promise<void> {
  for (const result of results) {
    await compareSample(result, sampleRecords, consumers, {
      withTimestamps: !result.bounds.isRestamped,
      pollBytes,
      mostNamed,
      signal,
      onRead: (read) => progress.read(read)
    })
    progress.topicDone(result.bounds, result)
  }
}

async function compareAllUnordered(
  results: readonly TopicResult[],
  consumers: Consumers,
  { memory, pollBytes, mostNamed, signal }: VerifyCopyOptions,
  progress: ProgressCount
): Promise<void> {
  for (const result of results) {
    const { bounds } = result
    if (bounds.isOrdered && !bounds.isCompacted) continue
    const options = {
      withTimestamps: !bounds.isRestamped,
      memory,
      pollBytes,
      mostNamed,
      signal,
      onRead: (read: ReadCount) => progress.read(read)
    }
    if (bounds.isCompacted) await compareKeys(result, consumers, options)
    else await reportUnordered(await compareUnordered(bounds, consumers, options), result, bounds, consumers, signal)
    progress.topicDone(bounds, result)
  }
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

/** Adds up what the parts of a verification have read. */
class ProgressCount {
  readonly #offsets: number
  readonly #partitions: number
  readonly #onProgress: (progress: VerifyProgress) => void
  #done = 0
  #differences = 0
  #read = { source: 0, target: 0, bytes: 0 }

  constructor(bounds: readonly TopicBounds[], onProgress: (progress: VerifyProgress) => void) {
    const ranges = bounds.flatMap(({ sourceRanges, targetRanges }) => [...sourceRanges, ...targetRanges])
    this.#offsets = ranges.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
    this.#partitions = bounds.reduce((sum, { sourceRanges }) => sum + sourceRanges.length, 0)
    this.#onProgress = onProgress
  }

  read(read: ReadCount): void {
    this.#read = read
    this.#tell()
  }

  /** Something is read once more. */
  again(): void {
    this.#tell()
  }

  done({ result }: OrderedPair): void {
    this.#done++
    if (result === undefined) return
    const { lost, duplicate, reordered, phantom } = result.differences
    this.#differences += lost.count + duplicate.count + reordered.count + phantom.count
    this.#differences += result.pairs.length + result.morePairs
    this.#tell()
  }

  topicDone({ sourceRanges }: TopicBounds, { different }: TopicResult): void {
    this.#done += sourceRanges.length
    this.#differences += different
    this.#tell()
  }

  #tell(): void {
    this.#onProgress({
      partitions: this.#partitions,
      partitionsDone: Math.min(this.#done, this.#partitions),
      sourceRecords: this.#read.source,
      targetRecords: this.#read.target,
      bytes: this.#read.bytes,
      offsets: this.#offsets,
      differences: this.#differences
    })
  }
}
