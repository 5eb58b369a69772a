import { signal } from '@preact/signals'
import type { StreamMessage } from '../../src/api/contract.ts'
import { sessionEnded } from '../api/session.ts'
import { backOff } from './back-off.ts'
import { SseParser } from './sse-parser.ts'

/** `since` = when the last byte came; `retryAt` = when the next attempt is made. */
export type LiveState =
  | { readonly is: 'off' | 'connecting' | 'live' }
  | { readonly is: 'broken'; readonly since: number; readonly retryAt: number }

export const live = signal<LiveState>({ is: 'off' })

/** A service that says nothing for so long is gone, whatever TCP thinks: it sends a comment every 15 s. */
const SILENCE_MS = 40_000

type Listener = (message: StreamMessage) => void

/**
 * The one stream of the page. What it asks for follows the page that is shown; a page that goes ends it.
 *
 * Invariant: at most one connection is open; a connection that is not `current` delivers nothing.
 */
class LiveStream {
  private current: AbortController | undefined
  private query = ''
  private lastEventId = ''
  private attempts = 0
  private since = 0
  private timer = 0
  private readonly listeners = new Set<Listener>()

  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** '' = nothing any more. */
  open(query: string): void {
    if (query === this.query && this.current) return
    this.close()
    this.query = query
    this.lastEventId = ''
    this.attempts = 0
    this.since = Date.now()
    live.value = { is: 'connecting' }
    void this.connect()
  }

  close(): void {
    clearTimeout(this.timer)
    this.current?.abort()
    this.current = undefined
    live.value = { is: 'off' }
  }

  /** At once, because somebody pressed the button or the machine is on the network again. */
  retry(): void {
    if (live.peek().is !== 'broken') return
    clearTimeout(this.timer)
    void this.connect()
  }

  private async connect(): Promise<void> {
    // An attempt that hangs, while somebody presses "Try now".
    this.current?.abort()
    const controller = new AbortController()
    this.current = controller
    let silence = 0
    const heard = () => {
      clearTimeout(silence)
      silence = window.setTimeout(() => controller.abort(), SILENCE_MS)
    }
    heard()
    try {
      await this.read(controller, heard)
    } catch {
      // Whatever it was, it is shown as broken and tried again.
    }
    clearTimeout(silence)
    if (this.current === controller) this.broken()
  }

  private async read(controller: AbortController, heard: () => void): Promise<void> {
    const response = await fetch(`/api/v1/stream?${this.query}`, {
      headers: { Accept: 'text/event-stream', ...(this.lastEventId && { 'Last-Event-ID': this.lastEventId }) },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: controller.signal
    })
    if (response.status === 401) sessionEnded()
    if (!response.ok || !response.body) throw new Error(`status ${String(response.status)}`)
    const parser = new SseParser(this.lastEventId)
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    const wasBroken = this.attempts > 0
    for (let first = true; ; first = false) {
      const { done, value } = await reader.read()
      if (done) return
      if (this.current !== controller) return
      heard()
      this.since = Date.now()
      if (first) {
        this.attempts = 0
        live.value = { is: 'live' }
        // Figures that changed meanwhile may not change again for long; without an id nothing is replayed either.
        if (wasBroken) this.tell({ type: 'reset' })
      }
      for (const event of parser.push(value)) this.tell(JSON.parse(event.data) as StreamMessage)
      this.lastEventId = parser.lastEventId
    }
  }

  private tell(message: StreamMessage): void {
    for (const listener of this.listeners) listener(message)
  }

  private broken(): void {
    const delay = backOff(this.attempts++)
    live.value = { is: 'broken', since: this.since, retryAt: Date.now() + delay }
    this.timer = window.setTimeout(() => void this.connect(), delay)
  }
}

export const liveStream = new LiveStream()
