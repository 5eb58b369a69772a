import { setTimeout as pause } from 'node:timers/promises'
import type { BatchProducer, ClientEvent, SendTarget } from '../client/types.ts'
import type { BatchPayload, RecordView } from '../model/batch.ts'
import { describeError, MillraceError } from '../model/millrace-error.ts'
import { type Settlement, unsent } from '../model/settlement.ts'
import type { AsideProducer } from '../sink/refused-records.ts'

export interface ProducerAsideOptions {
  /** A producer that goes on behind a refused record. */
  readonly create: () => Promise<BatchProducer>
  readonly refreshTimeoutMs: number
  readonly onEvent: (event: ClientEvent) => void
  readonly onWaiting: (message: string) => void
  /** It can't be made; the worker is of no further use. */
  readonly onGivenUp: (error: unknown) => void
}

const RETRY_MS = 1000

/**
 * The producer beside the one in use, for records that are sent alone: a refusal costs no other record anything. It is
 * made when the first one comes.
 *
 * Invariant: who calls has one record of a lane on its way at most, so nothing can overtake it.
 */
export class ProducerAside implements AsideProducer {
  readonly #options: ProducerAsideOptions
  readonly #closing = new AbortController()
  #current: Promise<BatchProducer> | undefined
  readonly #partitions = new Map<string, number>()

  constructor(options: ProducerAsideOptions) {
    this.#options = options
  }

  async send(payload: BatchPayload, target: SendTarget): Promise<Settlement> {
    const { firstOffset, count } = payload
    const sent = await this.#attempt(target, async (producer) => await producer.send(payload, target))
    if (sent !== undefined) return sent
    payload.release()
    return unsent(firstOffset, count)
  }

  async sendRecord(record: RecordView, target: SendTarget): Promise<Settlement> {
    const sent = await this.#attempt(target, async (producer) => await producer.sendRecord(record, target))
    return sent ?? unsent(record.offset, 1)
  }

  async partitionsOf(topic: string): Promise<number> {
    return (await this.#learn(topic, -1)) === undefined ? -1 : (this.#partitions.get(topic) ?? 0)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const current = this.#current
    this.#current = undefined
    await (await current?.catch(() => undefined))?.close(0)
  }

  /** Undefined = nothing was sent, because the worker ends. */
  async #attempt(
    target: SendTarget,
    send: (producer: BatchProducer) => Promise<Settlement>
  ): Promise<Settlement | undefined> {
    const producer = await this.#learn(target.topic, target.partition)
    if (producer === undefined || this.#isClosed) return undefined
    try {
      const result = await send(producer)
      const { failure } = result
      if (failure === undefined) return result
      if (!this.#isClosed && this.#current !== undefined) producer.unblock(target.lane)
      if (failure.kind === 'refused' && failure.code !== UNKNOWN_PARTITION) return result
      this.#partitions.delete(target.topic)
      // Whatever it was, it is not the record's fault: it comes again, but not at once.
      await this.#pause()
      return { ...result, failure: { ...failure, kind: 'blocked' } }
    } catch (error) {
      if (!(error instanceof MillraceError) || error.code !== 'MR_CLIENT_CLOSED') throw error
      return undefined
    }
  }

  /** The producer, once it knows the partition. Undefined = the worker ends. */
  async #learn(topic: string, partition: number): Promise<BatchProducer | undefined> {
    while (!this.#isClosed) {
      try {
        const producer = await this.#producer()
        if ((this.#partitions.get(topic) ?? 0) <= partition || !this.#partitions.has(topic)) {
          const counts = await producer.refresh([topic], this.#options.refreshTimeoutMs)
          this.#partitions.set(topic, counts.get(topic) ?? 0)
        }
        return producer
      } catch (error) {
        if (this.#isClosed) return undefined
        if (!isRetriable(error)) {
          this.#options.onGivenUp(error)
          return undefined
        }
        this.#options.onWaiting(describeError(error))
        await this.#pause()
      }
    }
    return undefined
  }

  async #producer(): Promise<BatchProducer> {
    const current = (this.#current ??= this.#create())
    try {
      return await current
    } catch (error) {
      if (this.#current === current) this.#current = undefined
      throw error
    }
  }

  async #create(): Promise<BatchProducer> {
    const producer = await this.#options.create()
    if (this.#isClosed) {
      await producer.close(0)
      throw closed()
    }
    this.#partitions.clear()
    producer.events.subscribe((event) => {
      this.#options.onEvent(event)
      if (event.type === 'error' && event.fatal) this.#replace(producer)
    })
    return producer
  }

  /** The next one who needs it makes another. */
  #replace(producer: BatchProducer): void {
    this.#current = undefined
    producer.close(0).catch(this.#options.onGivenUp)
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  async #pause(): Promise<void> {
    await pause(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined)
  }
}

/** RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: the client does not know it yet, or not any more. */
const UNKNOWN_PARTITION = -190

function isRetriable(error: unknown): boolean {
  return error instanceof MillraceError && (error.kind === 'retry' || error.code === 'MR_CLIENT_CLOSED')
}

function closed(): MillraceError {
  return new MillraceError({
    code: 'MR_CLIENT_CLOSED',
    kind: 'internal',
    message: 'the worker ends',
    place: { cluster: 'target' }
  })
}
