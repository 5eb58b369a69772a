import { setTimeout as pause } from 'node:timers/promises'
import type { Checkpoints } from '../checkpoint/checkpoints.ts'
import type { BatchConsumer, Rebalance } from '../client/types.ts'
import type { Routes } from '../mapping/routes.ts'
import { formatCommitMetadata } from '../model/commit-metadata.ts'
import { describeError, MillraceError } from '../model/millrace-error.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { PartitionReader } from '../source/partition-reader.ts'
import type { Readers } from '../source/readers.ts'
import type { MirrorEvent } from '../telemetry/events.ts'
import { commitLast, describeFailedCommits } from './commit-last.ts'
import type { CopyRanges } from './copy-ranges.ts'
import { drainReaders, uncommittedOf } from './drain-readers.ts'
import type { PartitionBook } from './partition-book.ts'
import type { ProducerSlot } from './producer-slot.ts'
import type { PreparedPartition } from './types.ts'

export interface AssignmentOptions {
  readonly consumer: BatchConsumer
  readonly readers: Readers
  readonly checkpoints: Checkpoints
  readonly ranges: CopyRanges
  readonly routes: Routes
  readonly book: PartitionBook
  readonly slot: ProducerSlot
  /** Asks where to begin, where to end, and where to; resolves when the target partitions are there. */
  readonly prepare: (partitions: readonly TopicPartition[]) => Promise<readonly PreparedPartition[]>
  readonly drainTimeoutMs: number
  readonly refreshTimeoutMs: number
  readonly onEvent: (event: MirrorEvent) => void
  /** The partition begins beyond the end of its range, or already at it. */
  readonly onProgress: (reader: PartitionReader) => void
  readonly onError: (error: unknown) => void
}

const RETRY_MS = 1000

/**
 * Answers the group's rebalances.
 *
 * Invariant: one rebalance at a time, in the order in which they came; each is answered, so that the group never waits
 * for this member. A partition is read only after its target is known to the producer, and let go only after what was
 * delivered of it is committed (or the deadline has passed, and what may repeat was told).
 */
export class Assignments {
  readonly #options: AssignmentOptions
  #last: Promise<void> = Promise.resolve()
  #ended = false

  constructor(options: AssignmentOptions) {
    this.#options = options
  }

  handle(rebalance: Rebalance): void {
    this.#inTurn(async () => {
      if (rebalance.type === 'assign') await this.#assign(rebalance.partitions)
      else await this.#revoke(rebalance.partitions, rebalance.lost)
    })
  }

  /** Lets these partitions go and takes them again, from where they are then said to begin. */
  again(partitions: readonly TopicPartition[]): void {
    this.#inTurn(async () => {
      const { readers } = this.#options
      const held = partitions.filter((partition) => readers.get(partition) !== undefined)
      if (held.length === 0) return
      await this.#revoke(held, false)
      if (!this.#ended) await this.#assign(held)
    })
  }

  #inTurn(work: () => Promise<void>): void {
    this.#last = this.#last.then(async () => {
      if (this.#ended) return
      try {
        await work()
      } catch (error) {
        if (!this.#ended) this.#options.onError(error)
      }
    })
  }

  /** No rebalance is answered from now on: the consumer gives up what it has when it is closed. */
  end(): void {
    this.#ended = true
  }

  async #assign(partitions: readonly TopicPartition[]): Promise<void> {
    const { consumer, readers, book, onEvent, onProgress } = this.#options
    const prepared = await this.#options.prepare(partitions)
    const readable = prepared.filter((partition) => partition.refusal === undefined)
    const targets = [...new Set(readable.map((partition) => partition.target))]
    if (targets.length > 0) await this.#learnTargets(targets)
    if (this.#ended) return
    await this.#commitNewStarts(readable)
    if (this.#ended) return

    const added = prepared.map((partition) => this.#add(partition))
    consumer.assign(prepared.map(({ topic, partition, start }) => ({ topic, partition, offset: start })))
    const unread = added.filter((reader) => reader.state === 'stopped')
    if (unread.length > 0) consumer.pause(unread.map((reader) => reader.source))
    for (const { topic, partition, refusal } of prepared) {
      if (refusal === undefined) continue
      book.mark({ topic, partition }, 'stopped', refusal)
      onEvent({ type: 'partition-stopped', partition: { topic, partition }, reason: refusal })
    }
    onEvent({ type: 'assigned', partitions })
    for (const reader of added) if (readers.get(reader.source) === reader) onProgress(reader)
  }

  /** Tries for as long as the target does not answer: a producer that does not know a topic would refuse its records. */
  async #learnTargets(targets: readonly string[]): Promise<void> {
    const { slot, refreshTimeoutMs, onEvent } = this.#options
    while (!this.#ended) {
      await slot.whenReady()
      try {
        await slot.current.refresh(targets, refreshTimeoutMs)
        return
      } catch (error) {
        if (!(error instanceof MillraceError)) throw error
        // The producer may be made anew meanwhile: then the next one is asked.
        if (error.kind !== 'retry' && error.code !== 'MR_CLIENT_CLOSED') throw error
        onEvent({ type: 'waiting', message: describeError(error) })
        await pause(RETRY_MS)
      }
    }
  }

  #add(prepared: PreparedPartition): PartitionReader {
    const { readers, checkpoints, ranges, routes, book } = this.#options
    const { topic, partition, start } = prepared
    routes.set({ source: topic, target: prepared.target, targetPartitions: prepared.targetPartitions })
    ranges.set(prepared, { from: start, to: prepared.stop ?? Infinity, before: prepared.stopBefore ?? Infinity })
    book.begin(prepared, prepared.target, start)
    const reader = readers.add({ topic, partition, offset: start })
    // What the group says of a refused partition stays as it is: it is why it was refused, and still must be next time.
    if (prepared.refusal === undefined)
      checkpoints.add({ topic, partition, offset: start }, prepared.committed, prepared.metadata)
    else reader.end('stopped')
    return reader
  }

  /** A start that only we know is committed before the first record, or a crash would look for another one. */
  async #commitNewStarts(prepared: readonly PreparedPartition[]): Promise<void> {
    const starts = prepared.filter((partition) => !partition.committed)
    if (starts.length === 0) return
    // A partition without a commit begins at its log start next time too: a failure loses nothing and is only told.
    try {
      const results = await this.#options.consumer.commit(
        starts.map(({ topic, partition, start, metadata }) => ({
          topic,
          partition,
          offset: start,
          ...(metadata !== undefined && { metadata: formatCommitMetadata(metadata) })
        }))
      )
      const failed = results.filter(({ code }) => code !== 0)
      if (failed.length > 0) {
        this.#options.onEvent({ type: 'commit-failed', message: describeFailedCommits(failed) })
      }
    } catch (error) {
      this.#options.onEvent({ type: 'commit-failed', message: describeError(error) })
    }
  }

  async #revoke(partitions: readonly TopicPartition[], lost: boolean): Promise<void> {
    const { consumer, readers, checkpoints, ranges, book, onEvent } = this.#options
    const revoked = partitions.map((partition) => readers.get(partition)).filter((reader) => reader !== undefined)
    await drainReaders(revoked, lost ? 0 : this.#options.drainTimeoutMs)
    if (!lost) await commitLast(checkpoints, { timeoutMs: this.#options.drainTimeoutMs, onEvent, partitions })
    const mayRepeat = uncommittedOf(revoked, checkpoints, ranges)
    if (mayRepeat.length > 0) onEvent({ type: 'may-repeat', ranges: mayRepeat })
    for (const partition of partitions) {
      const position = readers.get(partition)?.position
      if (position !== undefined) {
        book.progress(partition, position, checkpoints.of(partition), checkpoints.committedOf(partition))
      }
      if (book.stateOf(partition) === 'copying') book.mark(partition, 'revoked')
      readers.remove(partition)
      checkpoints.remove(partition)
      ranges.remove(partition)
    }
    consumer.unassign(partitions)
    onEvent({ type: 'revoked', partitions })
  }
}
