import type { Observable } from 'rxjs'
import { RECORD_OVERHEAD_BYTES } from '../model/batch.ts'
import { MillraceError, type ErrorPlace } from '../model/millrace-error.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import { AddonPayload } from './addon-payload.ts'
import type { AddonConsumer, AddonDigestPoll, AddonPoll, Callback } from './addon-types.ts'
import { checkPartitions, checkPositions, checkTopics } from './check-arguments.ts'
import { addonError, clientClosed, failureOf, rdkafkaError } from './client-errors.ts'
import type { BrokerKeeper } from './broker-keeper.ts'
import type { ClientEvents } from './client-events.ts'
import { closeHandle } from './connect-handle.ts'
import { errorKind, errorName } from './error-codes.ts'
import type { NativeConsumer } from './node-rdkafka-binding.ts'
import type { RebalanceAnswers } from './rebalance-answers.ts'
import { seekUntilDone } from './seek-until-done.ts'
import type {
  BatchConsumer,
  ClientEvent,
  CommitOffset,
  CommitResult,
  DigestParts,
  DigestPoll,
  Fetched,
  PartitionError,
  Poll,
  Rebalance
} from './types.ts'

export interface KafkaConsumerParts {
  readonly handle: NativeConsumer
  readonly addon: AddonConsumer
  readonly events: ClientEvents
  readonly keeper: BrokerKeeper
  readonly rebalances: RebalanceAnswers
  readonly cluster: 'source' | 'target'
  /** From now on rebalances are answered by giving everything up. */
  readonly giveUpRebalances: () => void
}

const MAX_RECORDS_PER_POLL = 1_000_000

/**
 * node-rdkafka's consumer handle, read through the addon.
 *
 * Invariant: every call of the native handle happens while `#state` is open, but for the disconnect itself; the handle
 * is disconnected only after the addon let go of it, and the addon only while no record is held.
 */
export class KafkaConsumer implements BatchConsumer {
  readonly events: Observable<ClientEvent>
  readonly rebalances: Observable<Rebalance>
  readonly #parts: KafkaConsumerParts
  readonly #place: ErrorPlace
  #state: 'open' | 'closing' | 'closed' = 'open'
  #polling: Promise<unknown> | undefined
  #closing: Promise<void> | undefined

  constructor(parts: KafkaConsumerParts) {
    this.#parts = parts
    this.#place = { cluster: parts.cluster }
    this.events = parts.events.stream
    this.rebalances = parts.rebalances.stream
  }

  async poll(maxBytes: number, timeoutMs: number): Promise<Poll> {
    const answer = await this.#oneAtATime<AddonPoll>((callback) => {
      this.#parts.addon.poll(...limitsOf(maxBytes, timeoutMs), callback)
    })
    if (this.#state === 'open') return this.#pollOf(answer)
    for (const batch of answer.batches) batch.release()
    throw clientClosed(this.#place)
  }

  async digest(maxBytes: number, timeoutMs: number, { timestamps, keys }: DigestParts): Promise<DigestPoll> {
    const { batches, ends, errors } = await this.#oneAtATime<AddonDigestPoll>((callback) => {
      this.#parts.addon.digest(...limitsOf(maxBytes, timeoutMs), timestamps, keys, callback)
    })
    this.#checkOpen()
    return { digests: batches, ends, errors: this.#partitionErrors(errors) }
  }

  subscribe(topics: readonly string[]): void {
    this.#checkOpen()
    checkTopics(topics)
    // librdkafka refuses an empty list.
    if (topics.length === 0) return this.unsubscribe()
    this.#checkCode('the subscription was refused', this.#parts.handle.subscribe([...topics]))
  }

  unsubscribe(): void {
    this.#checkOpen()
    this.#checkCode('the subscription could not be left', this.#parts.handle.unsubscribe())
  }

  assign(positions: readonly PartitionOffset[]): void {
    this.#checkOpen()
    checkPositions(positions)
    this.#attempt('partitions could not be assigned', () => this.#parts.rebalances.assign(positions))
  }

  unassign(partitions: readonly TopicPartition[]): void {
    this.#checkOpen()
    checkPartitions(partitions)
    this.#attempt('partitions could not be given up', () => this.#parts.rebalances.unassign(partitions))
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#checkOpen()
    checkPartitions(partitions)
    if (partitions.length > 0) {
      this.#checkCode('partitions could not be paused', this.#parts.handle.pause(partitions))
    }
  }

  resume(partitions: readonly TopicPartition[]): void {
    this.#checkOpen()
    checkPartitions(partitions)
    if (partitions.length > 0) {
      this.#checkCode('partitions could not be resumed', this.#parts.handle.resume(partitions))
    }
  }

  async seek(position: PartitionOffset, timeoutMs: number): Promise<void> {
    this.#checkOpen()
    checkPositions([position])
    const failure = await seekUntilDone(this.#parts.handle, position, timeoutMs, () => this.#state === 'open')
    if (failure === undefined) return
    if (this.#state !== 'open') throw clientClosed(this.#place)
    const { topic, partition, offset } = position
    const place = { ...this.#place, topic, partition, offset }
    throw rdkafkaError('MR_SEEK_FAILED', 'the position could not be set', failure, place)
  }

  async commit(offsets: readonly CommitOffset[]): Promise<readonly CommitResult[]> {
    this.#checkOpen()
    checkPositions(offsets)
    if (offsets.length === 0) return []
    return new Promise((resolve, reject) => {
      this.#parts.addon.commit(offsets, (error, results) => {
        if (results === undefined) {
          reject(addonError('MR_COMMIT_FAILED', 'offsets could not be committed', error ?? missing(), this.#place))
        } else {
          resolve(results)
        }
      })
    })
  }

  heldRecords(): number {
    return this.#state === 'closed' ? 0 : this.#parts.addon.held()
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { handle, addon, events, keeper, rebalances } = this.#parts
    this.#state = 'closing'
    // Its records are given back by `poll`, which waits for the same promise and was there first.
    await this.#polling?.catch(() => undefined)
    try {
      await this.#letGo(addon)
    } catch (error) {
      // What is held can be released, and then closing tried again.
      this.#state = 'open'
      this.#closing = undefined
      throw error
    }
    await keeper.close()
    await closeHandle(handle)
    this.#state = 'closed'
    rebalances.complete()
    events.complete()
  }

  async #letGo(addon: AddonConsumer): Promise<void> {
    const held = addon.held()
    if (held > 0) throw recordsHeld(held, this.#place)
    // Before the addon lets go: it is asked about each rebalance.
    this.#parts.giveUpRebalances()
    addon.onEvent(undefined)
    await new Promise<void>((resolve, reject) => {
      addon.close((error) => {
        if (error === null || error === undefined) resolve()
        else reject(addonError('MR_CLOSE_FAILED', 'the consumer could not be closed', error, this.#place))
      })
    })
  }

  async #oneAtATime<T>(call: (callback: Callback<T>) => void): Promise<T> {
    this.#checkOpen()
    if (this.#polling !== undefined) {
      throw new MillraceError({ code: 'MR_POLL_RUNNING', kind: 'internal', message: 'one poll at a time' })
    }
    try {
      const polling = new Promise<T>((resolve, reject) => {
        call((error, answer) => {
          if (answer === undefined) {
            reject(addonError('MR_POLL_FAILED', 'polling failed', error ?? missing(), this.#place))
          } else resolve(answer)
        })
      })
      this.#polling = polling
      return await polling
    } finally {
      this.#polling = undefined
    }
  }

  #pollOf(answer: AddonPoll): Poll {
    const fetched = answer.batches.map((batch): Fetched => {
      const { topic, partition, leaderEpoch } = batch
      return { topic, partition, leaderEpoch, payload: new AddonPayload(batch) }
    })
    return { fetched, ends: answer.ends, errors: this.#partitionErrors(answer.errors) }
  }

  /** Those that belong to no partition are events of the client. */
  #partitionErrors(errors: AddonPoll['errors']): PartitionError[] {
    const ofPartitions: PartitionError[] = []
    for (const error of errors) {
      if (error.partition < 0) this.#parts.events.onError(error)
      else ofPartitions.push({ ...error, retriable: errorKind(error.code) === 'retry' })
    }
    return ofPartitions
  }

  #checkOpen(): void {
    if (this.#state !== 'open') throw clientClosed(this.#place)
  }

  #checkCode(what: string, code: number): void {
    if (code !== 0) {
      throw rdkafkaError('MR_CONSUMER_CALL', what, { code, text: errorName(code) }, this.#place)
    }
  }

  #attempt(what: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      throw rdkafkaError('MR_CONSUMER_CALL', what, failureOf(error), this.#place)
    }
  }
}

/** Bytes, records and milliseconds of one poll of the addon. */
function limitsOf(maxBytes: number, timeoutMs: number): [number, number, number] {
  // A record costs more than its bytes while it is held, so tiny ones are bounded by their number.
  const maxCount = Math.min(MAX_RECORDS_PER_POLL, Math.max(1, Math.ceil(maxBytes / RECORD_OVERHEAD_BYTES)))
  return [Math.max(1, Math.ceil(maxBytes)), maxCount, Math.ceil(timeoutMs)]
}

function recordsHeld(held: number, place: ErrorPlace): MillraceError {
  return new MillraceError({
    code: 'MR_RECORDS_HELD',
    kind: 'internal',
    message: `${held} records are still held, and closing would wait for them for ever`,
    next: 'Send or release them first.',
    place
  })
}

function missing(): Error {
  return new Error('no answer')
}
