import type { OnRead } from './digest-reader.ts'
import type { OrderedPair } from './ordered-pair.ts'
import type { TopicResult } from './topic-result.ts'
import type { TopicBounds, VerifyProgress } from './verify-types.ts'

/** Adds up what the parts of a verification have read and found. */
export class ProgressCount {
  readonly #offsets: number
  readonly #partitions: number
  readonly #onProgress: (progress: VerifyProgress) => void
  readonly #records = { source: 0, target: 0 }
  #bytes = 0
  #done = 0
  #differences = 0

  constructor(bounds: readonly TopicBounds[], onProgress: (progress: VerifyProgress) => void) {
    const ranges = bounds.flatMap(({ sourceRanges, targetRanges }) => [...sourceRanges, ...targetRanges])
    this.#offsets = ranges.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
    this.#partitions = bounds.reduce((sum, { sourceRanges }) => sum + sourceRanges.length, 0)
    this.#onProgress = onProgress
  }

  readonly read: OnRead = (cluster, records, bytes) => {
    this.#records[cluster] += records
    this.#bytes += bytes
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

  topicDone({ bounds, different }: TopicResult): void {
    this.#done += bounds.sourceRanges.length
    this.#differences += different
    this.#tell()
  }

  #tell(): void {
    this.#onProgress({
      partitions: this.#partitions,
      partitionsDone: Math.min(this.#done, this.#partitions),
      sourceRecords: this.#records.source,
      targetRecords: this.#records.target,
      bytes: this.#bytes,
      offsets: this.#offsets,
      differences: this.#differences
    })
  }
}
