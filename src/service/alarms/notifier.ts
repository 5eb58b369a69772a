import { setTimeout as pause } from 'node:timers/promises'
import type { Notification } from '../../api/contract.ts'
import type { AlarmMessage, Attempt } from './alarm-message.ts'

/** Tells a channel once. Never rejects. */
export type Send = (channel: string, message: AlarmMessage, signal: AbortSignal) => Promise<Attempt>

/** Between attempts: a receiver that restarts, one that is away for minutes. Then somebody has to look. */
export const RETRY_DELAYS_MS: readonly number[] = [1000, 5000, 30_000, 120_000, 300_000]
/** One channel that does not answer must not fill memory with sockets. */
const AT_ONCE = 4

/**
 * Tells channels, again and again where that may help.
 *
 * Invariant: to one channel at most `AT_ONCE` messages are under way; what is told of one alarm comes in its order.
 * After `close` nothing is sent and nothing settles.
 */
export class Notifier {
  readonly #send: Send
  readonly #now: () => number
  readonly #delays: readonly number[]
  readonly #closing = new AbortController()
  readonly #busy = new Map<string, { running: number; readonly waiting: (() => void)[] }>()
  /** The end of what is being told of an alarm to a channel. */
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(send: Send, now: () => number, delays: readonly number[] = RETRY_DELAYS_MS) {
    this.#send = send
    this.#now = now
    this.#delays = delays
  }

  /** What became of it; undefined = the notifier was closed before that was known. */
  async tell(channel: string, message: AlarmMessage): Promise<Notification | undefined> {
    const key = `${channel} ${message.alarm.id}`
    const told = (this.#last.get(key) ?? Promise.resolve()).then(async () => await this.#deliver(channel, message))
    this.#last.set(key, told)
    try {
      return await told
    } finally {
      if (this.#last.get(key) === told) this.#last.delete(key)
    }
  }

  /** One attempt, for somebody who waits for it. */
  async try(channel: string, message: AlarmMessage): Promise<Notification> {
    const { ok, detail } = await this.#send(channel, message, this.#closing.signal)
    return { at: this.#now(), channel, ok, attempts: 1, detail }
  }

  close(): void {
    this.#closing.abort()
    for (const { waiting } of this.#busy.values()) for (const go of waiting.splice(0)) go()
  }

  async #deliver(channel: string, message: AlarmMessage): Promise<Notification | undefined> {
    const { signal } = this.#closing
    for (let attempts = 1; ; attempts++) {
      const attempt = await this.#inTurn(channel, async () => await this.#send(channel, message, signal))
      if (attempt === undefined || (signal.aborted && !attempt.ok)) return undefined
      const delay = this.#delays[attempts - 1]
      if (attempt.ok || !attempt.retry || delay === undefined) {
        return { at: this.#now(), channel, ok: attempt.ok, attempts, detail: attempt.detail }
      }
      const isOver = await pause(delay, false, { signal, ref: false }).catch(() => true)
      if (isOver) return undefined
    }
  }

  /** Undefined = closed before its turn came. */
  async #inTurn(channel: string, task: () => Promise<Attempt>): Promise<Attempt | undefined> {
    let busy = this.#busy.get(channel)
    if (busy === undefined) this.#busy.set(channel, (busy = { running: 0, waiting: [] }))
    const { waiting } = busy
    const { signal } = this.#closing
    while (busy.running >= AT_ONCE && !signal.aborted) await new Promise<void>((resolve) => waiting.push(resolve))
    if (signal.aborted) return undefined
    busy.running++
    try {
      return await task()
    } finally {
      busy.running--
      waiting.shift()?.()
    }
  }
}
