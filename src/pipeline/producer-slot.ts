import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import type { Subscription } from 'rxjs'
import type { BatchProducer, ClientEvent } from '../client/types.ts'
import { describeError, MillraceError } from '../model/millrace-error.ts'

export interface ProducerSlotOptions {
  readonly create: () => Promise<BatchProducer>
  readonly onEvent: (event: ClientEvent) => void
  /** A remake begins: nothing new may be sent until it is done. Returns the end of the hold. */
  readonly hold: () => () => void
  readonly onRemade: (why: string) => void
  /** It can't be made anew; the worker is of no further use. */
  readonly onGivenUp: (error: unknown) => void
}

/** Remakes in a row without a delivery in between after which the worker gives up. */
const MAX_FRUITLESS_REMAKES = 8
const MAX_BACK_OFF_MS = 30_000

/**
 * The producer in use. One that failed for good is closed, which settles everything it had (as purged), and another
 * takes its place.
 *
 * Invariant: one remake at a time; when it is over no send of an earlier producer is without a result.
 */
export class ProducerSlot {
  readonly #options: ProducerSlotOptions
  #producer: BatchProducer
  #events: Subscription
  #remaking: Promise<void> | undefined
  #fruitless = 0
  readonly #closing = new AbortController()

  constructor(producer: BatchProducer, options: ProducerSlotOptions) {
    this.#options = options
    this.#producer = producer
    this.#events = this.#listen(producer)
  }

  get current(): BatchProducer {
    return this.#producer
  }

  delivered(): void {
    this.#fruitless = 0
  }

  /** Resolves when a producer is in place that had no trouble yet. */
  async remake(why: string): Promise<void> {
    if (this.#isClosed) return
    this.#remaking ??= this.#remakeNow(why).finally(() => (this.#remaking = undefined))
    await this.#remaking
  }

  async whenReady(): Promise<void> {
    await this.#remaking
  }

  async close(drainTimeoutMs: number): Promise<void> {
    this.#closing.abort()
    await this.#remaking
    await this.#producer.close(drainTimeoutMs)
    this.#events.unsubscribe()
  }

  async #remakeNow(why: string): Promise<void> {
    const release = this.#options.hold()
    try {
      this.#events.unsubscribe()
      await this.#producer.close(0)
      // Its last results go through the pipeline before there is another one, or they would be taken for that one's.
      await setImmediate()
      this.#fruitless += 1
      if (this.#fruitless > MAX_FRUITLESS_REMAKES) {
        throw new MillraceError({
          code: 'MR_PRODUCER_LOST',
          kind: 'client',
          message: `The producer failed ${this.#fruitless} times in a row without delivering anything: ${why}`,
          next: "Look at the target brokers' logs.",
          place: { cluster: 'target' }
        })
      }
      await this.#replace()
      if (!this.#isClosed) this.#options.onRemade(why)
    } catch (error) {
      if (!this.#isClosed) this.#options.onGivenUp(error)
    } finally {
      release()
    }
  }

  async #replace(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      if (attempt + this.#fruitless > 1) await this.#backOff(attempt + this.#fruitless)
      if (this.#isClosed) return
      try {
        this.#producer = await this.#options.create()
        this.#events = this.#listen(this.#producer)
        return
      } catch (error) {
        if (!(error instanceof MillraceError) || error.kind !== 'retry') throw error
        this.#options.onEvent({
          type: 'error',
          code: 0,
          name: error.code,
          text: describeError(error),
          fatal: false,
          authentication: false
        })
      }
    }
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted
  }

  async #backOff(failures: number): Promise<void> {
    const delayMs = Math.min(MAX_BACK_OFF_MS, 250 * 2 ** failures)
    await pause(delayMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
  }

  #listen(producer: BatchProducer): Subscription {
    return producer.events.subscribe((event) => {
      this.#options.onEvent(event)
      if (event.type === 'error' && event.fatal) void this.remake(`${event.name}: ${event.text}`)
    })
  }
}
