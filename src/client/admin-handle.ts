import type { Addon } from './addon-types.ts'
import type { BrokerKeeper } from './broker-keeper.ts'
import type { ClientEvents } from './client-events.ts'
import { closeHandle } from './connect-handle.ts'
import type { NativeHandle } from './node-rdkafka-binding.ts'

export interface OpenHandle {
  readonly handle: NativeHandle
  readonly keeper: BrokerKeeper
  /** Serves the handle's events until it is closed. */
  readonly pump: { close(): Promise<void> }
}

/**
 * A librdkafka client and the calls that use it.
 *
 * Invariant: `#running` has these calls; the client is disconnected only when there is none.
 */
export class AdminHandle {
  readonly handle: NativeHandle
  readonly #keeper: BrokerKeeper
  readonly #pump: OpenHandle['pump']
  readonly #running = new Set<Promise<unknown>>()
  #closing: Promise<void> | undefined

  constructor({ handle, keeper, pump }: OpenHandle) {
    this.handle = handle
    this.#keeper = keeper
    this.#pump = pump
  }

  async run<T>(call: (handle: NativeHandle) => Promise<T>): Promise<T> {
    const running = call(this.handle)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /** Waits for the calls; whoever closes it begins no other. */
  async close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** Calls that wait for brokers end without an answer. */
  cut(addon: Pick<Addon, 'cancelRequests'>): void {
    try {
      addon.cancelRequests(this.handle)
    } catch {
      // The client is disconnected: they have ended.
    }
  }

  async #close(): Promise<void> {
    await this.#keeper.close()
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
    await this.#pump.close()
    await closeHandle(this.handle)
  }
}

/**
 * The client that requests go over, and those that it took the place of.
 *
 * Invariant: after `close()` none is opened, and all that were opened are closed.
 */
export class RenewedHandle {
  readonly #open: () => Promise<OpenHandle>
  readonly #addon: Pick<Addon, 'cancelRequests'>
  readonly #events: ClientEvents
  readonly #retired = new Map<AdminHandle, Promise<void>>()
  #current: AdminHandle
  #renewing: Promise<void> | undefined
  #closing: Promise<void> | undefined

  /** @param open another client like the first, which need not have reached a broker */
  constructor(
    first: OpenHandle,
    open: () => Promise<OpenHandle>,
    addon: Pick<Addon, 'cancelRequests'>,
    events: ClientEvents
  ) {
    this.#current = new AdminHandle(first)
    this.#open = open
    this.#addon = addon
    this.#events = events
  }

  get current(): AdminHandle {
    return this.#current
  }

  get closing(): boolean {
    return this.#closing !== undefined
  }

  /** Puts another in the place of `worn`, if it is still the current one; calls on it end as they would have. */
  async renew(worn: AdminHandle): Promise<void> {
    if (this.closing || worn !== this.#current) return
    this.#renewing ??= this.#renew()
    try {
      await this.#renewing
    } finally {
      this.#renewing = undefined
    }
  }

  async #renew(): Promise<void> {
    const worn = this.#current
    this.#current = new AdminHandle(await this.#open())
    const closed = worn.close().finally(() => this.#retired.delete(worn))
    this.#retired.set(worn, closed)
  }

  /** Ends all calls. */
  async close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await this.#renewing?.catch(() => undefined)
    for (const handle of [this.#current, ...this.#retired.keys()]) handle.cut(this.#addon)
    await Promise.all([this.#current.close(), ...this.#retired.values()])
    this.#events.complete()
  }
}
