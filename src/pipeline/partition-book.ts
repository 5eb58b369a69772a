import type { Settlement } from '../model/settlement.ts'
import type { StopReason } from '../model/stop-reason.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { PartitionState, PartitionStatus } from './types.ts'

interface Entry {
  readonly partition: TopicPartition
  target: string
  state: PartitionState
  reason: StopReason | undefined
  from: number
  checkpoint: number
  committed: number
  position: number
  idle: boolean
  readRecords: number
  readBytes: number
  records: number
  bytes: number
  altered: number
  deadLettered: number
  skipped: number
}

/**
 * What this worker did with each partition that it ever had.
 *
 * Invariant: entries stay when a partition goes, and counts only grow, so that sums over workers are sums of copies.
 */
export class PartitionBook {
  readonly #byName = new Map<string, Entry>()

  begin(partition: TopicPartition, target: string, start: number): void {
    const known = this.#byName.get(partitionName(partition))
    if (known === undefined) {
      this.#byName.set(partitionName(partition), {
        partition: { topic: partition.topic, partition: partition.partition },
        target,
        state: 'copying',
        reason: undefined,
        from: start,
        checkpoint: start,
        committed: start,
        position: start,
        idle: false,
        readRecords: 0,
        readBytes: 0,
        records: 0,
        bytes: 0,
        altered: 0,
        deadLettered: 0,
        skipped: 0
      })
      return
    }
    known.target = target
    known.state = 'copying'
    known.reason = undefined
    known.from = Math.min(known.from, start)
    known.checkpoint = start
  }

  /** The source handed these records out. */
  read(partition: TopicPartition, records: number, bytes: number): void {
    const entry = this.#byName.get(partitionName(partition))
    if (entry === undefined) return
    entry.readRecords += records
    entry.readBytes += bytes
  }

  count(partition: TopicPartition, result: Settlement, bytes: number): void {
    const entry = this.#byName.get(partitionName(partition))
    if (entry === undefined) return
    entry.records += result.delivered
    entry.bytes += bytes
    entry.altered += result.altered
    if (result.setAside === undefined) return
    entry.deadLettered += result.setAside.deadLettered
    entry.skipped += result.setAside.skipped
  }

  /** @param idle nothing is fetched of it just now */
  fetching(partition: TopicPartition, idle: boolean): void {
    const entry = this.#byName.get(partitionName(partition))
    if (entry !== undefined) entry.idle = idle
  }

  progress(partition: TopicPartition, position: number, checkpoint?: number, committed?: number): void {
    const entry = this.#byName.get(partitionName(partition))
    if (entry === undefined) return
    entry.position = position
    if (checkpoint !== undefined) entry.checkpoint = checkpoint
    if (committed !== undefined) entry.committed = committed
  }

  mark(partition: TopicPartition, state: PartitionState, reason?: StopReason): void {
    const entry = this.#byName.get(partitionName(partition))
    if (entry === undefined) return
    entry.state = state
    entry.reason = reason
  }

  stateOf(partition: TopicPartition): PartitionState | undefined {
    return this.#byName.get(partitionName(partition))?.state
  }

  status(): PartitionStatus[] {
    return [...this.#byName.values()].map(({ partition, reason, idle, ...counts }) => ({
      ...partition,
      ...counts,
      ...(idle && { idle }),
      ...(reason !== undefined && { reason })
    }))
  }
}
