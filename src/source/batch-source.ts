import { setTimeout as pause } from 'node:timers/promises'
import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'
import type { BatchConsumer, Fetched, PartitionError, Poll } from '../client/types.ts'
import type { Batch, BatchTimes } from '../model/batch.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { nextOffset } from '../model/offset.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'
import type { LimitClock, Side } from '../telemetry/metrics/limit-clock.ts'
import type { Demand } from './demand.ts'
import type { PartitionReader } from './partition-reader.ts'
import type { Readers } from './readers.ts'
import { rewindReader } from './rewind-reader.ts'
import { broughtAsked, waitedFor } from './waited-for.ts'

export interface BatchSourceOptions {
  /** How much one poll asks for at most, in bytes. */
  readonly pollBytes: number
  /** How long a poll waits for the first record. */
  readonly pollTimeoutMs: number
  /** A batch held back for longer is dropped and read again: it keeps whole fetch responses in memory. */
  readonly maxHoldMs: number
  /** Demand closed for longer than this: everything is paused, so that polling can go on serving the group. */
  readonly pauseAfterMs: number
  readonly seekTimeoutMs: number
  /** Whether the target partition that this source partition goes to has all it may have in flight. */
  readonly targetIsFull: (source: TopicPartition) => boolean
  /** Told what each moment is spent on. */
  readonly clock: Pick<LimitClock, 'spent'>
  /** A batch is handed out now. */
  readonly onHandedOut: (batch: Batch) => void
  /** Something is wrong with a partition: it can't go on, or (`retriable`) waits until it can again. */
  readonly onPartitionError: (error: PartitionError) => void
  /** After the end of the subscription: the last poll is over and its records are given back. */
  readonly onEnd: () => void
}

/**
 * Pulls batches from the consumer for as long as somebody is subscribed and there is demand.
 *
 * Emits the batches of each partition in order and without a gap (see Batch). A partition that has its share in flight
 * is held back: briefly in memory, then paused and read again later. Polling never stops for longer than
 * `pauseAfterMs`, because group membership and events are served by nothing else. Errors when the consumer fails;
 * never completes.
 */
export function batchSource(
  consumer: BatchConsumer,
  readers: Readers,
  demand: Demand,
  options: BatchSourceOptions
): Observable<Batch> {
  return new Observable((subscriber) => {
    const loop = new SourceLoop(consumer, readers, demand, options, subscriber)
    loop
      .run()
      .catch((error: unknown) => subscriber.error(error))
      .finally(options.onEnd)
  })
}

type PollTimes = Pick<BatchTimes, 'pollBegan' | 'fetched'>

/** At least this often the group protocol is served while demand is closed. */
const SERVE_INTERVAL_MS = 100

/** How long a poll waits while batches are held back, which may go on at any moment. */
const HELD_POLL_MS = 10

class SourceLoop {
  readonly #consumer: BatchConsumer
  readonly #readers: Readers
  readonly #demand: Demand
  readonly #options: BatchSourceOptions
  readonly #subscriber: Subscriber<Batch>
  readonly #held = new Set<PartitionReader>()
  readonly #paused = new Set<PartitionReader>()
  #closedSince: number | undefined
  #allPaused = false
  /** Of the readers, as pauses were last looked at. */
  #revision = 0

  constructor(
    consumer: BatchConsumer,
    readers: Readers,
    demand: Demand,
    options: BatchSourceOptions,
    subscriber: Subscriber<Batch>
  ) {
    this.#consumer = consumer
    this.#readers = readers
    this.#demand = demand
    this.#options = options
    this.#subscriber = subscriber
  }

  async run(): Promise<void> {
    try {
      while (!this.#subscriber.closed) await this.#turn()
    } finally {
      for (const reader of this.#held) reader.dropHeld()
    }
  }

  async #turn(): Promise<void> {
    const { pollBytes, pollTimeoutMs } = this.#options
    if (this.#readers.revision !== this.#revision) this.#pauseForUser()
    this.#emitHeld()
    const closed = this.#closedBy()
    if (closed === undefined) {
      this.#closedSince = undefined
      this.#resumeWhatMayGo()
      const most = Math.min(this.#demand.room, pollBytes, this.#demand.rate.allowed(performance.now()))
      await this.#poll(most, this.#held.size > 0 ? HELD_POLL_MS : pollTimeoutMs)
    } else if (await this.#isClosedForLong(closed)) {
      this.#pauseAll()
      await this.#poll(1, SERVE_INTERVAL_MS, closed)
    }
  }

  /** Why nothing may be read now; undefined when something may. */
  #closedBy(): 'target' | 'rate' | undefined {
    if (!this.#demand.isOpenFor(this.#options.pollBytes)) return 'target'
    return this.#demand.rate.allowed(performance.now()) > 0 ? undefined : 'rate'
  }

  /** @param side what the poll waits for, if that is known beforehand */
  async #poll(maxBytes: number, timeoutMs: number, side?: Side): Promise<void> {
    await this.#readers.turns.take(async () => {
      const began = performance.now()
      this.#options.clock.spent('mirror', began)
      const waiting = side ?? waitedFor(this.#readers, this.#demand.standsStill)
      const poll = await this.#consumer.poll(maxBytes, timeoutMs)
      const fetched = performance.now()
      this.#options.clock.spent(side === undefined && broughtAsked(poll, maxBytes) ? 'mirror' : waiting, fetched)
      this.#take(poll, { pollBegan: began, fetched })
    })
  }

  #take(poll: Poll, times: PollTimes): void {
    const broken = brokenFrom(poll)
    for (const [index, fetched] of poll.fetched.entries()) {
      const reader = this.#readerOf(fetched)
      try {
        if (reader === undefined) fetched.payload.release()
        else this.#handOutBelow(broken.get(reader.name) ?? Infinity, reader, fetched, times)
      } catch (error) {
        for (const { payload } of poll.fetched.slice(index)) payload.release()
        throw error
      }
    }
    for (const end of poll.ends) {
      const reader = this.#readerOf(end)
      if (reader === undefined || broken.has(reader.name)) continue
      if (end.offset > reader.position) this.#emitOrHold(reader, reader.cover(end.offset, undefined, -1, { ...times }))
      reader.atEnd = true
    }
    for (const error of poll.errors) this.#options.onPartitionError(error)
  }

  /** Of what lies behind records that can't be read nothing is handed out: they would be taken for a hole in the log. */
  #handOutBelow(broken: number, reader: PartitionReader, fetched: Fetched, times: PollTimes): void {
    if (fetched.payload.lastOffset < broken) return this.#handOut(reader, fetched, times)
    const payload = fetched.payload.take(fetched.payload.firstOffset, broken)
    fetched.payload.release()
    if (payload !== undefined) this.#handOut(reader, { ...fetched, payload }, times)
  }

  /** The reader that wants what a poll returned. */
  #readerOf(of: TopicPartition): PartitionReader | undefined {
    const reader = this.#readers.get(of)
    return !this.#subscriber.closed && reader?.state === 'reading' ? reader : undefined
  }

  #handOut(reader: PartitionReader, fetched: Fetched, times: PollTimes): void {
    const { payload } = fetched
    if (payload.firstOffset < reader.position) {
      throw new MillraceError({
        code: 'MR_WENT_BACK',
        kind: 'internal',
        message: `The consumer returned offset ${payload.firstOffset} where ${reader.position} or higher was due.`,
        next: 'Report this as a bug. The worker starts again from the last commit.',
        place: { cluster: 'source', ...reader.source, offset: payload.firstOffset }
      })
    }
    this.#demand.rate.charge(payload.bytes, payload.count, times.fetched ?? times.pollBegan ?? 0)
    const to = nextOffset(payload.lastOffset)
    this.#emitOrHold(reader, reader.cover(to, payload, fetched.leaderEpoch, { ...times }))
  }

  #emitOrHold(reader: PartitionReader, batch: Batch): void {
    if (reader.heldSince === undefined && !this.#isFull(reader)) {
      this.#handOver(batch)
    } else {
      reader.hold(batch, performance.now())
      this.#held.add(reader)
    }
  }

  #handOver(batch: Batch): void {
    this.#options.onHandedOut(batch)
    this.#subscriber.next(batch)
  }

  #isFull(reader: PartitionReader): boolean {
    return (
      reader.heldByUser ||
      this.#demand.onHold ||
      reader.inFlightBytes >= this.#demand.partitionShare(this.#readers.size) ||
      this.#options.targetIsFull(reader.source)
    )
  }

  #emitHeld(): void {
    const now = performance.now()
    for (const reader of this.#held) {
      while (!this.#subscriber.closed && reader.heldSince !== undefined && !this.#isFull(reader)) {
        const batch = reader.takeHeld()
        if (batch !== undefined) this.#handOver(batch)
      }
      if (reader.heldSince === undefined) this.#held.delete(reader)
      else if (now - reader.heldSince > this.#options.maxHoldMs) this.#readLater(reader)
    }
  }

  /** Drops what is held and pauses the partition where it was dropped. */
  #readLater(reader: PartitionReader): void {
    this.#held.delete(reader)
    const { bytes, records } = reader.heldSize()
    const from = reader.dropHeld()
    if (from === undefined) return
    this.#demand.rate.giveBack(bytes, records)
    this.#pause([reader])
    rewindReader(this.#consumer, reader, from, this.#options.seekTimeoutMs).catch((error: unknown) =>
      this.#subscriber.error(error)
    )
  }

  async #isClosedForLong(by: 'target' | 'rate'): Promise<boolean> {
    const now = performance.now()
    this.#closedSince ??= now
    if (now - this.#closedSince >= this.#options.pauseAfterMs) return true
    this.#options.clock.spent('mirror', now)
    if (by === 'target') await this.#demand.whenOpenFor(this.#options.pollBytes, SERVE_INTERVAL_MS)
    else await pause(Math.min(this.#demand.rate.opensIn(now), this.#held.size > 0 ? HELD_POLL_MS : SERVE_INTERVAL_MS))
    this.#options.clock.spent(by, performance.now())
    return false
  }

  /** Partitions that the user has let go on are resumed like the others. */
  #pauseForUser(): void {
    this.#revision = this.#readers.revision
    this.#pause([...this.#readers].filter((reader) => reader.heldByUser && !reader.paused && reader.isWanted))
  }

  #pauseAll(): void {
    this.#allPaused = true
    this.#pause([...this.#readers].filter((reader) => !reader.paused && reader.isWanted))
  }

  /** A partition that was paused goes on when it is down to half its share; all of them when demand is half open. */
  #resumeWhatMayGo(): void {
    if (this.#paused.size === 0 || (this.#allPaused && this.#demand.room < this.#demand.limit / 2)) return
    this.#allPaused = false
    const half = this.#demand.partitionShare(this.#readers.size) / 2
    const resumed: PartitionReader[] = []
    for (const reader of this.#paused) {
      if (!reader.isWanted || this.#readers.get(reader.source) !== reader) this.#paused.delete(reader)
      else if (!reader.heldByUser && reader.inFlightBytes <= half && !this.#options.targetIsFull(reader.source))
        resumed.push(reader)
    }
    if (resumed.length === 0) return
    this.#consumer.resume(resumed.map((reader) => reader.source))
    for (const reader of resumed) {
      reader.paused = false
      this.#paused.delete(reader)
    }
  }

  #pause(readers: readonly PartitionReader[]): void {
    if (readers.length === 0) return
    this.#consumer.pause(readers.map((reader) => reader.source))
    for (const reader of readers) {
      reader.paused = true
      this.#paused.add(reader)
    }
  }
}

/** The first offset of each partition, by name, that a poll could not read for good. */
function brokenFrom({ errors }: Poll): ReadonlyMap<string, number> {
  const broken = new Map<string, number>()
  for (const error of errors) {
    if (error.retriable || error.offset < 0) continue
    const name = partitionName(error)
    broken.set(name, Math.min(error.offset, broken.get(name) ?? Infinity))
  }
  return broken
}
