import type { BatchConsumer, CommitOffset, CommitResult } from '../client/types.ts'
import { type CommitMetadata, formatCommitMetadata } from '../model/commit-metadata.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import { CommitMeter } from '../telemetry/metrics/commit-meter.ts'
import { OffsetTracker, type SpanMark } from './offset-tracker.ts'

interface Tracked {
  readonly partition: TopicPartition
  readonly tracker: OffsetTracker
  /** What commits say until records of this worker say more. */
  readonly metadata: CommitMetadata
  committed: number
}

/**
 * Progress of the assigned partitions, and its way into the source group.
 *
 * Invariant: what is committed is at most the tracker's checkpoint; one commit is on its way at a time, so that an
 * older one never overwrites a newer one.
 */
export class Checkpoints {
  readonly #consumer: Pick<BatchConsumer, 'commit'>
  readonly #meter: CommitMeter
  readonly #byName = new Map<string, Tracked>()
  #committing: Promise<unknown> = Promise.resolve()

  constructor(consumer: Pick<BatchConsumer, 'commit'>, meter = new CommitMeter()) {
    this.#consumer = consumer
    this.#meter = meter
  }

  /** Something was delivered, contiguously, that no commit has yet. */
  get hasUncommitted(): boolean {
    for (const { tracker, committed } of this.#byName.values()) if (tracker.checkpoint > committed) return true
    return false
  }

  /**
   * @param committed whether the group has this offset already
   * @param metadata what is known of both topics, and of the last record below the start
   */
  add(start: PartitionOffset, committed: boolean, metadata: CommitMetadata = {}): void {
    const { topic, partition, offset } = start
    this.#byName.set(partitionName(start), {
      partition: { topic, partition },
      tracker: new OffsetTracker(offset),
      metadata,
      committed: committed ? offset : -1
    })
  }

  remove(partition: TopicPartition): void {
    this.#byName.delete(partitionName(partition))
  }

  /** Undefined for a partition that is not ours any more. */
  of(partition: TopicPartition): number | undefined {
    return this.#byName.get(partitionName(partition))?.tracker.checkpoint
  }

  committedOf(partition: TopicPartition): number | undefined {
    return this.#byName.get(partitionName(partition))?.committed
  }

  settle(partition: TopicPartition, from: number, to: number, mark: SpanMark): void {
    this.#byName.get(partitionName(partition))?.tracker.settle(from, to, mark)
  }

  rewind(partition: TopicPartition): void {
    this.#byName.get(partitionName(partition))?.tracker.rewind()
  }

  /**
   * Commits what has moved, of all partitions or of these. Resolves with the results that were not successful; rejects
   * when the commit could not be sent. The next call tries again.
   */
  async commit(only?: readonly TopicPartition[]): Promise<readonly CommitResult[]> {
    const earlier = this.#committing
    const commit = earlier.then(async () => await this.#commitNow(only))
    this.#committing = commit.catch(() => undefined)
    return await commit
  }

  async #commitNow(only: readonly TopicPartition[] | undefined): Promise<readonly CommitResult[]> {
    const offsets: CommitOffset[] = []
    for (const { partition, tracker, committed, metadata } of this.#chosen(only)) {
      const { checkpoint, leaderEpoch, target } = tracker
      if (checkpoint <= committed) continue
      const known = { ...metadata, ...(target !== undefined && { target }) }
      offsets.push({
        ...partition,
        offset: checkpoint,
        ...(leaderEpoch >= 0 && { leaderEpoch }),
        ...(Object.keys(known).length > 0 && { metadata: formatCommitMetadata(known) })
      })
    }
    if (offsets.length === 0) return []
    const results = await this.#send(offsets)
    const failed: CommitResult[] = []
    for (const result of results) {
      const tracked = this.#byName.get(partitionName(result))
      if (result.code !== 0) failed.push(result)
      else if (tracked !== undefined) tracked.committed = Math.max(tracked.committed, result.offset)
    }
    this.#meter.committed(failed.length === 0)
    return failed
  }

  async #send(offsets: readonly CommitOffset[]): Promise<readonly CommitResult[]> {
    try {
      return await this.#consumer.commit(offsets)
    } catch (error) {
      this.#meter.committed(false)
      throw error
    }
  }

  #chosen(only: readonly TopicPartition[] | undefined): Iterable<Tracked> {
    if (only === undefined) return this.#byName.values()
    return only
      .map((partition) => this.#byName.get(partitionName(partition)))
      .filter((tracked) => tracked !== undefined)
  }
}
