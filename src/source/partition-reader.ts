import { Batch } from '../model/batch.ts'
import type { BatchPayload, BatchTimes } from '../model/batch.ts'
import { partitionName } from '../model/topic-partition.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { Demand } from './demand.ts'
import type { Turns } from './turns.ts'

/**
 * `reading`: records are wanted. `rewinding`: what the client still has is outdated until the seek is done.
 * `finished`: the end of the range is reached. `stopped`: nothing more is read from it.
 */
export type ReaderState = 'reading' | 'rewinding' | 'finished' | 'stopped'

/**
 * What the source knows of one assigned partition.
 *
 * Invariant: the batches made here cover the offsets from the start without a gap; `position` is where the next one
 * begins. `held` batches come after everything that is in flight, in order.
 */
export class PartitionReader {
  readonly source: TopicPartition
  readonly name: string
  readonly start: number
  /** Names this partition's order to the producer; never used again for another assignment. */
  readonly lane: number
  /** Polls and seeks, see Readers. */
  readonly turns: Turns
  readonly #demand: Demand
  #state: ReaderState = 'reading'
  #position: number
  #held: { batch: Batch; since: number }[] = []
  #heldBytes = 0
  #batches = 0
  #bytes = 0
  #rewind = 0
  #idle: (() => void)[] = []
  /** The client has come to the end of the log, and nothing new came since. */
  atEnd = false
  /** Paused at the client, because the partition is over its share or all of the worker is. */
  paused = false
  /** The user has paused it: nothing more is handed out. */
  heldByUser = false

  constructor(source: TopicPartition, start: number, lane: number, demand: Demand, turns: Turns) {
    this.source = source
    this.name = partitionName(source)
    this.start = start
    this.lane = lane
    this.#position = start
    this.#demand = demand
    this.turns = turns
  }

  get state(): ReaderState {
    return this.#state
  }

  /** Records of this partition are still to be read. */
  get isWanted(): boolean {
    return this.#state === 'reading' || this.#state === 'rewinding'
  }

  get position(): number {
    return this.#position
  }

  /** Everything below was handed out; what lies between this and the position is held. */
  get handedOut(): number {
    return this.#held[0]?.batch.from ?? this.#position
  }

  /** Bytes handed out and not settled. */
  get inFlightBytes(): number {
    return this.#bytes - this.#heldBytes
  }

  /** Time of the oldest held batch in ms, as given to `hold`; undefined when nothing is held. */
  get heldSince(): number | undefined {
    return this.#held[0]?.since
  }

  /** Makes the batch that goes from the position to `to`. It is charged until it is settled or dropped. */
  cover(to: number, payload: BatchPayload | undefined, leaderEpoch: number, times: BatchTimes): Batch {
    let charge = 0
    const batch = Batch.create({
      source: this.source,
      from: this.#position,
      to: Math.max(this.#position, to),
      leaderEpoch,
      payload,
      times,
      onSettled: () => this.#settled(charge)
    })
    charge = batch.charge
    if (payload !== undefined) this.atEnd = false
    this.#demand.charge(charge)
    this.#batches += 1
    this.#bytes += charge
    this.#position = batch.to
    return batch
  }

  hold(batch: Batch, now: number): void {
    this.#held.push({ batch, since: now })
    this.#heldBytes += batch.charge
  }

  /** The next held batch, which is then the caller's. */
  takeHeld(): Batch | undefined {
    const batch = this.#held.shift()?.batch
    if (batch !== undefined) this.#heldBytes -= batch.charge
    return batch
  }

  /** What is held, as a rate counts it. */
  heldSize(): { readonly bytes: number; readonly records: number } {
    let [bytes, records] = [0, 0]
    for (const { batch } of this.#held) {
      bytes += batch.bytes
      records += batch.count
    }
    return { bytes, records }
  }

  /** Gives up what is held: it will be read again. Returns the offset to read again from, if there was something. */
  dropHeld(): number | undefined {
    const from = this.#held[0]?.batch.from
    const held = this.#held
    this.#held = []
    this.#heldBytes = 0
    for (const { batch } of held) batch.drop()
    return from
  }

  /** Starts over at `offset`: until `endRewind` of the returned number, what the client returns is outdated. */
  beginRewind(offset: number): number {
    this.dropHeld()
    this.#position = offset
    this.atEnd = false
    this.#state = 'rewinding'
    this.#rewind += 1
    return this.#rewind
  }

  /** Reads again, unless another rewind began since or the reader has ended. */
  endRewind(rewind: number): void {
    if (this.isRewinding(rewind)) this.#state = 'reading'
  }

  /** Whether that rewind is still the one to be done. */
  isRewinding(rewind: number): boolean {
    return this.#state === 'rewinding' && rewind === this.#rewind
  }

  /** Nothing more is read: the range is done (`finished`), or something is wrong or revoked (`stopped`). */
  end(state: 'finished' | 'stopped'): void {
    this.#position = this.dropHeld() ?? this.#position
    if (this.#state !== 'stopped') this.#state = state
  }

  /** Resolves true when nothing is in flight, false at the deadline (Infinity = none). */
  async whenIdle(timeoutMs: number): Promise<boolean> {
    if (this.#batches === 0) return true
    return await new Promise<boolean>((resolve) => {
      const timer = Number.isFinite(timeoutMs) ? setTimeout(() => resolve(false), Math.max(0, timeoutMs)) : undefined
      this.#idle.push(() => {
        clearTimeout(timer)
        resolve(true)
      })
    })
  }

  #settled(charge: number): void {
    this.#demand.release(charge)
    this.#batches -= 1
    this.#bytes -= charge
    if (this.#batches > 0) return
    const idle = this.#idle
    this.#idle = []
    for (const wake of idle) wake()
  }
}
