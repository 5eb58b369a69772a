import type { StreamMessage } from '../../api/contract.ts'
import type { Streamed, StreamRequest } from '../service-port.ts'
import { atLeast } from './match-log.ts'
import type { Happening, Numbered } from './stream-replay.ts'

/** What is asked for when the listener takes it, so that a slow one gets the newest and nothing waits for it. */
export type StateKind = 'jobs' | 'job' | 'partitions' | 'health'

const MOST_WAITING = 500

/**
 * One who listens to the stream.
 *
 * Invariant: what waits is bounded: of states only that they changed, of what happened at most `MOST_WAITING` messages,
 * which all listeners share; beyond that all of them are replaced by `reset`. `#at` is the number up to which everything
 * was taken or is not for this listener, so an id never promises what was not delivered.
 */
export class StreamListener {
  /** The version of the partitions that was taken last. */
  partitionsVersion = 0
  readonly request: StreamRequest
  readonly #idOf: (number: number) => string
  readonly #waiting: Numbered[] = []
  readonly #changed = new Set<StateKind>()
  #at: number
  #seen: number
  #isReset = false
  #wake: (() => void) | undefined

  /** @param at the number of what happened last before it listens */
  constructor(request: StreamRequest, at: number, idOf: (number: number) => string) {
    this.request = request
    this.#at = at
    this.#seen = at
    this.#idOf = idOf
  }

  wants(kind: StateKind): boolean {
    if (kind === 'health') return true
    return kind === 'jobs'
      ? this.request.jobs
      : this.request.job !== undefined && (kind === 'job' || this.request.partitions)
  }

  changed(kind: StateKind): void {
    if (!this.wants(kind)) return
    this.#changed.add(kind)
    this.#wake?.()
  }

  happened({ number, message }: Numbered): void {
    this.#seen = number
    const mine = this.#isReset ? undefined : this.#mine(message)
    if (mine === undefined) return
    if (this.#waiting.length >= MOST_WAITING) this.reset()
    else this.#waiting.push({ number, message: mine })
    this.#wake?.()
  }

  /** Something was missed: the page reads everything again. */
  reset(): void {
    this.#waiting.length = 0
    this.#isReset = true
    for (const kind of ['jobs', 'job', 'partitions', 'health'] as const) if (this.wants(kind)) this.#changed.add(kind)
    this.partitionsVersion = 0
    this.#wake?.()
  }

  /** Undefined = nothing is there. */
  take(stateOf: (kind: StateKind, listener: StreamListener) => StreamMessage | undefined): Streamed | undefined {
    if (this.#isReset) {
      this.#isReset = false
      this.#at = this.#seen
      return { id: this.#idOf(this.#at), message: { type: 'reset' } }
    }
    const next = this.#waiting.shift()
    if (next !== undefined) {
      this.#at = next.number
      return { id: this.#idOf(next.number), message: next.message }
    }
    this.#at = this.#seen
    for (const kind of this.#changed) {
      this.#changed.delete(kind)
      const message = stateOf(kind, this)
      if (message !== undefined) return { id: this.#idOf(this.#at), message }
    }
    return undefined
  }

  /** Resolves when there may be something to take, or the signal has aborted. */
  async awake(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#waiting.length > 0 || this.#changed.size > 0 || this.#isReset) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
  }

  wake(): void {
    this.#wake?.()
  }

  /** The message as it is for this listener; undefined = not at all. */
  #mine(message: Happening): Happening | undefined {
    const { job, log } = this.request
    switch (message.type) {
      case 'alarm':
        return message
      case 'event':
        return message.job === job ? message : undefined
      case 'log': {
        if (message.job !== job || log === undefined) return undefined
        const lines = message.lines.filter(({ level }) => atLeast(level, log))
        if (lines.length === 0) return undefined
        return lines.length === message.lines.length ? message : { ...message, lines }
      }
    }
  }
}
