const FREE = 10
const WINDOW_MS = 60_000
const MOST_ADDRESSES = 10_000

/**
 * Counts failed logins by address.
 *
 * Invariant: an address has an entry only while its window runs; there are never more than MOST_ADDRESSES, the oldest
 * goes first.
 */
export class AttemptLimit {
  readonly #now: () => number
  readonly #failures = new Map<string, { count: number; readonly until: number }>()

  constructor(now: () => number = () => Date.now()) {
    this.#now = now
  }

  /** Seconds until the next attempt is looked at; 0 = at once. */
  wait(address: string): number {
    const entry = this.#failures.get(address)
    if (entry === undefined || entry.count < FREE) return 0
    const left = entry.until - this.#now()
    if (left > 0) return Math.ceil(left / 1000)
    this.#failures.delete(address)
    return 0
  }

  /** @returns as `wait`, from now on */
  failed(address: string): number {
    const now = this.#now()
    const entry = this.#failures.get(address)
    if (entry !== undefined && entry.until > now) {
      entry.count++
    } else {
      this.#failures.delete(address)
      const oldest = this.#failures.keys().next().value
      if (this.#failures.size >= MOST_ADDRESSES && oldest !== undefined) this.#failures.delete(oldest)
      this.#failures.set(address, { count: 1, until: now + WINDOW_MS })
    }
    return this.wait(address)
  }
}
