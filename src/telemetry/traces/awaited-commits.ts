import type { Context } from '@opentelemetry/api'
import { partitionName, type TopicPartition } from '../../model/topic-partition.ts'

/** A delivered batch whose trace is complete but for its commit. */
export interface AwaitedCommit {
  readonly source: TopicPartition
  /** Covered by a commit of at least this offset. */
  readonly to: number
  /** Of its `process` span. */
  readonly context: Context
  /** See `BatchTracer`. */
  readonly epochMs: number
}

/**
 * Traced batches that wait for the commit that covers them.
 *
 * Invariant: at most `limit`, in the order of settling; the oldest give way, counted.
 */
export class AwaitedCommits {
  readonly #limit: number
  readonly #awaited = new Set<AwaitedCommit>()
  #dropped = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#awaited.size
  }

  /** How many were given up since the start: their traces have no commit. */
  get dropped(): number {
    return this.#dropped
  }

  add(awaited: AwaitedCommit): void {
    this.#awaited.add(awaited)
    if (this.#awaited.size <= this.#limit) return
    for (const oldest of this.#awaited) {
      this.#awaited.delete(oldest)
      this.#dropped += 1
      break
    }
  }

  /** Those that a commit of these offsets covers. They stay unless `done`. */
  coveredBy(offsets: ReadonlyMap<string, number>, done: boolean): AwaitedCommit[] {
    const covered: AwaitedCommit[] = []
    for (const awaited of this.#awaited) {
      if ((offsets.get(partitionName(awaited.source)) ?? -1) < awaited.to) continue
      covered.push(awaited)
      if (done) this.#awaited.delete(awaited)
    }
    return covered
  }
}
