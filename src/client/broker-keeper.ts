import { setTimeout as sleep } from 'node:timers/promises'
import type { Addon } from './addon-types.ts'
import { AnswerSlices } from './answer-slices.ts'
import { failureOf } from './client-errors.ts'
import { CONNECTION_LOST, type ClientEvents } from './client-events.ts'
import { readMetadata } from './connect-handle.ts'
import type { NativeHandle } from './node-rdkafka-binding.ts'

/** How long librdkafka is left to help itself, each time. */
const LOOK_AFTER_MS = 1_000
/** A call that is under way is waited for when the client is closed. */
const MOST_MS = 1_000

/**
 * Sees to it that a client has a broker to start from.
 *
 * librdkafka drops the brokers that metadata does not name, the bootstrap servers as well. A cluster may name none for
 * a moment (a broker that its controller has fenced), and then the client has nobody left to ask: it is cut off for
 * good, while the cluster is well (up to 2.13 at least: confluentinc/librdkafka#5301; the bootstrap servers that it adds
 * by itself are lost to the next such answer, or are never added). So after a connection was lost this asks until a
 * broker answers that names one, and gives the client its bootstrap servers again when none does.
 *
 * Invariant: looks once at a time, and never after `close()`.
 */
export class BrokerKeeper {
  readonly #handle: NativeHandle
  readonly #addon: Pick<Addon, 'addBrokers'>
  readonly #bootstrapServers: string
  readonly #lookAfterMs: number
  readonly #unwatch: () => void
  readonly #closing = new AbortController()
  #refused = false
  #looking: Promise<void> | undefined

  constructor(
    handle: NativeHandle,
    addon: Pick<Addon, 'addBrokers'>,
    events: ClientEvents,
    bootstrapServers: string,
    lookAfterMs = LOOK_AFTER_MS
  ) {
    this.#handle = handle
    this.#addon = addon
    this.#bootstrapServers = bootstrapServers
    this.#lookAfterMs = lookAfterMs
    this.#unwatch = events.watch((event) => {
      // Nobody asks for another attempt with credentials that were refused.
      if (event.authentication) this.#refused = true
      if (CONNECTION_LOST.includes(event.name)) this.#look()
    })
  }

  async close(): Promise<void> {
    this.#unwatch()
    this.#closing.abort()
    await this.#looking
  }

  #look(): void {
    this.#looking ??= this.#untilNamed().finally(() => {
      this.#looking = undefined
    })
  }

  async #untilNamed(): Promise<void> {
    const slices = new AnswerSlices(Infinity, Date.now, MOST_MS)
    for (;;) {
      await sleep(this.#lookAfterMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      if (this.#gaveUp()) return
      try {
        const { brokers } = await readMetadata(this.#handle, { allTopics: false, timeout: slices.next() })
        if (brokers.length > 0) return
      } catch (error) {
        slices.failed(failureOf(error).code)
      }
      if (this.#gaveUp()) return
      try {
        this.#addon.addBrokers(this.#handle, this.#bootstrapServers)
      } catch {
        // The client is disconnected, or about to be: it needs no broker any more.
        return
      }
    }
  }

  #gaveUp(): boolean {
    return this.#refused || this.#closing.signal.aborted
  }
}
