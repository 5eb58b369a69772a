import type { SendTarget } from '../client/types.ts'
import type { BatchPayload } from '../model/batch.ts'
import { nextOffset } from '../model/offset.ts'
import type { RecordLimits } from '../model/record-limits.ts'
import { type DeliveryFailure, type OffsetRange, type Settlement, undelivered } from '../model/settlement.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import { joinSettlements } from './join-settlements.ts'
import { hasOutside, recordBounds } from './record-bounds.ts'

export interface SuspectsAloneOptions {
  /** As `send` of the producer in use. */
  readonly send: (payload: BatchPayload, target: SendTarget) => Promise<Settlement>
  /** Sends one record whose fate touches no other, and decides what becomes of it when it is refused. */
  readonly sendAlone: (record: BatchPayload, source: TopicPartition, target: SendTarget) => Promise<Settlement>
  /** Of a target topic; undefined = none known. */
  readonly limitsOf: (topic: string) => RecordLimits | undefined
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** The order of one assigned partition. */
interface Lane {
  /** Of the newest send. */
  last: Promise<Settlement> | undefined
  /** The newest careful send lets the next one go. */
  turn: Promise<void> | undefined
  /** Careful sends that have not let the next one go. */
  waiting: number
  /** Nothing goes until `unblock`. */
  failure: DeliveryFailure | undefined
  /** What the target refused before, though nothing spoke against it. */
  readonly learned: OffsetRange[]
}

/** Taking records out of a batch moves those behind them, so a batch full of suspects is taken in pieces first. */
const SUSPECTS_A_PIECE = 100

/**
 * Sends records that the target may refuse alone: when everything before them is delivered, and what comes after waits.
 * So a refusal touches no neighbour. All other batches go straight through.
 *
 * Invariant: records of one source partition go in their order, whichever way; after a failure none goes until `unblock`.
 * Batches of one assignment have the same `source` object, which is what lanes are known by.
 */
export class SuspectsAlone {
  readonly #options: SuspectsAloneOptions
  readonly #now: () => number
  readonly #lanes = new WeakMap<TopicPartition, Lane>()

  constructor(options: SuspectsAloneOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  /** As `BatchProducer.send`. Nearly every batch goes straight through, so that way has no promise of its own. */
  send(payload: BatchPayload, source: TopicPartition, target: SendTarget): Promise<Settlement> {
    const lane = this.#laneOf(source)
    const straight = lane.waiting === 0 && lane.failure === undefined && !this.#mayHaveSuspects(lane, payload, target)
    lane.last = straight ? this.#options.send(payload, target) : this.#sendCarefully(lane, payload, source, target)
    return lane.last
  }

  /** These records were refused, or others that went with them: they are sent alone when they come again. */
  suspect(source: TopicPartition, ranges: readonly OffsetRange[]): void {
    const { learned } = this.#laneOf(source)
    learned.push(...ranges)
    learned.sort((a, b) => a.offset - b.offset)
  }

  /** Lets a partition send again after a failure. */
  unblock(source: TopicPartition): void {
    const lane = this.#laneOf(source)
    lane.failure = undefined
    lane.last = undefined
  }

  #laneOf(source: TopicPartition): Lane {
    let lane = this.#lanes.get(source)
    if (lane === undefined) {
      lane = { last: undefined, turn: undefined, waiting: 0, failure: undefined, learned: [] }
      this.#lanes.set(source, lane)
    }
    return lane
  }

  #mayHaveSuspects(lane: Lane, payload: BatchPayload, { topic }: SendTarget): boolean {
    if (lane.learned.length > 0) return true
    const limits = this.#options.limitsOf(topic)
    return limits !== undefined && hasOutside(payload, recordBounds(limits, this.#now()))
  }

  async #sendCarefully(
    lane: Lane,
    payload: BatchPayload,
    source: TopicPartition,
    target: SendTarget
  ): Promise<Settlement> {
    const { last, turn } = lane
    lane.waiting += 1
    let letGo = (): void => undefined
    lane.turn = new Promise((resolve) => {
      letGo = () => {
        lane.waiting -= 1
        letGo = () => undefined
        resolve()
      }
    })
    try {
      await turn
      if (lane.failure !== undefined) return blocked(payload, lane.failure)
      const suspects = this.#suspectsIn(lane, payload, target)
      const end = nextOffset(payload.lastOffset)
      if (suspects.length === 0) {
        const sending = this.#options.send(payload, target)
        forgetBelow(end, lane.learned)
        letGo()
        return await sending
      }
      const before = await last
      const result =
        before?.failure === undefined
          ? await this.#sendOneByOne(payload, suspects, source, target)
          : blocked(payload, before.failure)
      lane.failure = result.failure
      if (result.failure === undefined) forgetBelow(end, lane.learned)
      return result
    } finally {
      letGo()
    }
  }

  #suspectsIn(lane: Lane, payload: BatchPayload, { topic }: SendTarget): readonly number[] {
    const { firstOffset, lastOffset } = payload
    const limits = this.#options.limitsOf(topic)
    const bounds = limits === undefined ? undefined : recordBounds(limits, this.#now())
    const suspects = new Set(bounds !== undefined && hasOutside(payload, bounds) ? payload.outside(bounds) : [])
    for (const { offset, count } of lane.learned) {
      const to = Math.min(offset + count, nextOffset(lastOffset))
      for (let learned = Math.max(offset, firstOffset); learned < to; learned += 1) suspects.add(learned)
    }
    return [...suspects].toSorted((a, b) => a - b)
  }

  async #sendOneByOne(
    payload: BatchPayload,
    suspects: readonly number[],
    source: TopicPartition,
    target: SendTarget
  ): Promise<Settlement> {
    const done: Settlement[] = []
    const parts = partsOf(payload, suspects)
    let unsent = 0
    try {
      for (let step = parts.next(); step.done !== true; step = parts.next()) {
        const { records, isSuspect } = step.value
        const { send, sendAlone } = this.#options
        const result = await (isSuspect ? sendAlone(records, source, target) : send(records, target))
        done.push(result)
        if (result.failure !== undefined) break
      }
    } finally {
      for (const { records } of parts) {
        unsent += records.count
        records.release()
      }
    }
    const { failure, ...joined } = joinSettlements(done)
    return failure === undefined ? joined : { ...joined, failure: { ...failure, count: failure.count + unsent } }
  }
}

interface Part {
  readonly records: BatchPayload
  readonly isSuspect: boolean
}

/** Takes a payload apart, in order: each suspect alone, and what is between them. Whoever iterates owns the parts. */
function* partsOf(payload: BatchPayload, suspects: readonly number[]): Generator<Part> {
  let left = payload.count
  for (let index = 0; left > 0; index += SUSPECTS_A_PIECE) {
    const chosen = suspects.slice(index, index + SUSPECTS_A_PIECE)
    const end = suspects[index + SUSPECTS_A_PIECE]
    const piece = end === undefined ? payload : payload.take(payload.firstOffset, end)
    if (piece === undefined) continue
    left -= piece.count
    yield* partsOfPiece(piece, chosen)
    if (end === undefined) return
  }
}

function* partsOfPiece(piece: BatchPayload, suspects: readonly number[]): Generator<Part> {
  let left = piece.count
  for (const offset of suspects) {
    if (left === 0) return
    const before = piece.firstOffset < offset ? piece.take(piece.firstOffset, offset) : undefined
    if (before !== undefined) {
      left -= before.count
      yield { records: before, isSuspect: false }
    }
    if (left === 0) return
    const suspect = piece.take(offset, nextOffset(offset))
    if (suspect === undefined) continue
    left -= 1
    yield { records: suspect, isSuspect: true }
  }
  if (left > 0) yield { records: piece, isSuspect: false }
}

/** What is before `end` was delivered, or set aside. */
function forgetBelow(end: number, learned: OffsetRange[]): void {
  if (learned.length === 0) return
  const left = learned.findIndex(({ offset, count }) => offset + count > end)
  learned.splice(0, left < 0 ? learned.length : left)
}

function blocked(payload: BatchPayload, { code, name }: DeliveryFailure): Settlement {
  const { firstOffset: offset, count } = payload
  payload.release()
  return undelivered({ code, name, offset, count, kind: 'blocked' })
}
