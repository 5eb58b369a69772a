import type { RecordBounds } from './record-limits.ts'
import type { Settlement } from './settlement.ts'
import type { TopicPartition } from './topic-partition.ts'

/** One header as the record has it: a null value and an empty one differ, names may repeat. */
export interface RecordHeader {
  readonly name: Uint8Array
  readonly value: Uint8Array | null
}

/** A look inside a record. The bytes are copies. */
export interface RecordView {
  readonly offset: number
  /** Milliseconds since 1970; -1 = the record has none. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly RecordHeader[]
}

/** A copy of one header's value, cut after 512 bytes. */
export interface FoundHeader {
  readonly offset: number
  readonly value: Uint8Array
}

/**
 * The records themselves, wherever the client keeps them. Made by a client, given back by `release()` or by sending.
 * After either the numbers stay readable and everything else throws.
 */
export interface BatchPayload {
  readonly firstOffset: number
  readonly lastOffset: number
  /** At least 1. */
  readonly count: number
  /** Keys and values; headers and overhead are not in it. */
  readonly bytes: number
  /** Milliseconds since 1970; -1 = none. */
  readonly firstTimestamp: number
  readonly maxTimestamp: number
  /** The earliest time above 0 that a record has; -1 = none has one. */
  readonly minTimestamp: number
  /** Key and value of the largest record in bytes. */
  readonly largestRecord: number
  /** Some record has no key. */
  readonly hasKeyless: boolean
  /** Offsets of the records that are outside these bounds, in order. */
  outside(bounds: RecordBounds): number[]
  /** Takes the records in [from, to) out of this payload into one of their own; undefined when there are none. */
  take(from: number, to: number): BatchPayload | undefined
  /** Offset of the first record stamped at or after `timestamp`. */
  offsetAtOrAfter(timestamp: number): number | undefined
  /**
   * The last header of that name of at most `maxRecords` of the records in [from, to), evenly spread over them, where
   * there is one with a value. Changes nothing of what is sent later.
   */
  findHeaders(name: string, maxRecords: number, from: number, to: number): FoundHeader[]
  /** Copies every record into JavaScript: for a look at odd records, not for the hot path. */
  records(): RecordView[]
  /** Frees the records. Harmless when repeated or after sending. */
  release(): void
}

/**
 * When a batch passed a stage, in ms of one monotonic clock (`performance.now()`). Shared by a batch and what is
 * derived from it, so that the last one knows the way of the first. undefined = not passed yet.
 */
export interface BatchTimes {
  /** The poll that fetched the batch began, and ended. */
  readonly pollBegan: number
  readonly fetched: number
  /** Given to the producer. */
  sent?: number
  /** The last delivery report is in. */
  delivered?: number
}

/** What a source says of a new batch. */
export interface BatchOrigin {
  readonly source: TopicPartition
  /** The batch covers the source offsets [from, to): its records, and the holes between and around them. */
  readonly from: number
  readonly to: number
  /** -1 = unknown. */
  readonly leaderEpoch: number
  readonly payload: BatchPayload | undefined
  readonly times: BatchTimes
  /** Called once, when the batch (all its derived parts included) is settled or dropped. */
  readonly onSettled: (result: Settlement | undefined) => void
}

/** What a record costs beyond its key and value while it is held (a librdkafka op of 304 B and a message of 176 B). */
export const RECORD_OVERHEAD_BYTES = 512

/**
 * Consecutive records of one source partition: the unit of flow, of work and of telemetry.
 *
 * Invariant: the batches of a source partition cover its offsets without a gap, each `from` being the `to` of the one
 * before. So a checkpoint is what settled batches cover contiguously, and holes in the log (control records,
 * compaction, aborted transactions) need no special case. A batch without payload says only "nothing up to here".
 */
export class Batch {
  readonly source: TopicPartition
  readonly from: number
  readonly to: number
  readonly leaderEpoch: number
  readonly payload: BatchPayload | undefined
  readonly times: BatchTimes
  readonly targetTopic: string | undefined
  /** Undefined until routed. */
  readonly targetPartition: number | undefined
  readonly #settling: { done: boolean; readonly onSettled: BatchOrigin['onSettled'] }

  private constructor(
    origin: Omit<BatchOrigin, 'onSettled'>,
    settling: { done: boolean; readonly onSettled: BatchOrigin['onSettled'] },
    targetTopic: string | undefined,
    targetPartition: number | undefined
  ) {
    this.source = origin.source
    this.from = origin.from
    this.to = origin.to
    this.leaderEpoch = origin.leaderEpoch
    this.payload = origin.payload
    this.times = origin.times
    this.targetTopic = targetTopic
    this.targetPartition = targetPartition
    this.#settling = settling
  }

  static create(origin: BatchOrigin): Batch {
    return new Batch(origin, { done: false, onSettled: origin.onSettled }, undefined, undefined)
  }

  /** Number of records. */
  get count(): number {
    return this.payload?.count ?? 0
  }

  /** Keys and values in bytes. */
  get bytes(): number {
    return this.payload?.bytes ?? 0
  }

  /** What the batch costs in memory while it is in flight, in bytes. */
  get charge(): number {
    return this.bytes + this.count * RECORD_OVERHEAD_BYTES
  }

  /** The same records, for this topic. */
  toTopic(topic: string): Batch {
    return new Batch(this, this.#settling, topic, this.targetPartition)
  }

  /** The same records, for this partition of the target topic. */
  toPartition(partition: number): Batch {
    return new Batch(this, this.#settling, this.targetTopic, partition)
  }

  /**
   * The records in [from, to); the others are given back. The part takes this batch's place: it is what must be
   * settled. It covers everything below `to` that this batch covers: what lies before `from` counts as dealt with.
   */
  within(from: number, to: number): Batch {
    if (from <= this.from && to >= this.to) return this
    const payload = this.payload?.take(from, to)
    this.payload?.release()
    const end = Math.max(this.from, Math.min(this.to, to))
    return new Batch({ ...this.#outside(), to: end, payload }, this.#settling, this.targetTopic, this.targetPartition)
  }

  /** Says what became of the batch. The first word counts, later ones are ignored. */
  settle(result: Settlement): void {
    this.#end(result)
  }

  /** Gives the records back undelivered and unsettled: they will be read again. */
  drop(): void {
    this.payload?.release()
    this.#end(undefined)
  }

  #outside(): Omit<BatchOrigin, 'onSettled' | 'to' | 'payload'> {
    return { source: this.source, from: this.from, leaderEpoch: this.leaderEpoch, times: this.times }
  }

  #end(result: Settlement | undefined): void {
    if (this.#settling.done) return
    this.#settling.done = true
    this.#settling.onSettled(result)
  }
}
