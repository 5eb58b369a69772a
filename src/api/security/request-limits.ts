import { tooMany } from '../http/api-errors.ts'

export interface Limits {
  /** Requests a second, over time. */
  readonly perSecond: number
  /** That may come at once. */
  readonly burst: number
  /** Requests of one that are worked on at the same time. */
  readonly concurrent: number
  /** Streams of one that are open at the same time; a browser opens one a page. */
  readonly streams: number
  readonly bodyBytes: number
}

export const DEFAULT_LIMITS: Limits = {
  perSecond: 100,
  burst: 400,
  concurrent: 32,
  streams: 32,
  bodyBytes: 1024 * 1024
}

interface Use {
  tokens: number
  at: number
  running: number
  streams: number
}

const MOST_KNOWN = 10_000

/**
 * How much one may ask for: a bucket of requests, and how many at once.
 *
 * Invariant: who has nothing running and a full bucket may be forgotten; nobody else is.
 */
export class RequestLimits {
  readonly #limits: Limits
  readonly #now: () => number
  readonly #uses = new Map<string, Use>()

  constructor(limits: Limits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  /** @returns to be called when the request is answered */
  enter(who: string, kind: 'running' | 'streams'): () => void {
    const use = this.#use(who)
    const { perSecond, concurrent, streams } = this.#limits
    if (use.tokens < 1) {
      throw tooMany(`More than ${perSecond} requests a second.`, Math.max(1, Math.ceil((1 - use.tokens) / perSecond)))
    }
    if (use[kind] >= (kind === 'running' ? concurrent : streams)) {
      throw tooMany(`${use[kind]} ${kind === 'running' ? 'requests' : 'streams'} are open already.`, 1)
    }
    use.tokens--
    use[kind]++
    let left = false
    return () => {
      if (!left) use[kind]--
      left = true
    }
  }

  #use(who: string): Use {
    const { perSecond, burst } = this.#limits
    const now = this.#now()
    let use = this.#uses.get(who)
    if (use === undefined) {
      if (this.#uses.size >= MOST_KNOWN) this.#forget(now)
      use = { tokens: burst, at: now, running: 0, streams: 0 }
      this.#uses.set(who, use)
    }
    use.tokens = Math.min(burst, use.tokens + ((now - use.at) / 1000) * perSecond)
    use.at = now
    return use
  }

  #forget(now: number): void {
    const { perSecond, burst } = this.#limits
    for (const [who, use] of this.#uses) {
      const isFull = use.tokens + ((now - use.at) / 1000) * perSecond >= burst
      if (isFull && use.running === 0 && use.streams === 0) this.#uses.delete(who)
    }
  }
}
