import type { Addon } from './addon-types.ts'
import type { BrokerKeeper } from './broker-keeper.ts'
import type { ClientEvents } from './client-events.ts'
import { endClient } from './end-client.ts'
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
  readonly #addon: Pick<Addon, 'destroyClient'>
  #closing: Promise<boolean> | undefined

  constructor({ handle, keeper, pump }: OpenHandle, addon: Pick<Addon, 'destroyClient'>) {
    this.handle = handle
    this.#addon = addon
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

  /** Waits for the calls; whoever closes it begins no other. Returns whether the client has ended. */
  async close(): Promise<boolean> {
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

  async #close(): Promise<boolean> {
    await this.#keeper.close()
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
    await this.#pump.close()
    return await endClient(this.handle, this.#addon)
  }
}

/**
 * The client that requests go over, and those that it took the place of.
 *
 * Invariant: after `close()` none is opened, and all that were opened are closed, but for those that librdkafka never
 * ends: they are told.
 */
export class RenewedHandle {
  readonly #open: () => Promise<OpenHandle>
  readonly #addon: Pick<Addon, 'cancelRequests' | 'destroyClient'>
  readonly #events: ClientEvents
  readonly #retired = new Map<AdminHandle, Promise<void>>()
  #current: AdminHandle
  #renewing: Promise<void> | undefined
  #closing: Promise<void> | undefined

  /** @param open another client like the first, which need not have reached a broker */
  constructor(
    first: OpenHandle,
    open: () => Promise<OpenHandle>,
    addon: Pick<Addon, 'cancelRequests' | 'destroyClient'>,
    events: ClientEvents
  ) {
    this.#current = new AdminHandle(first, addon)
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
    this.#current = new AdminHandle(await this.#open(), this.#addon)
    const closed = this.#end(worn).finally(() => this.#retired.delete(worn))
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
    await Promise.all([this.#end(this.#current), ...this.#retired.values()])
    this.#events.complete()
  }

  async #end(handle: AdminHandle): Promise<void> {
    if (!(await handle.close())) this.#events.leftBehind()
  }
}
