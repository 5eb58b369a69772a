/** What may be saved up while nothing is taken, in seconds of the rate: more than the timers of a busy process are late. */
export const BURST_SECONDS = 0.25
/** Less than this is not worth a poll. */
const LEAST_SECONDS = 0.05

/**
 * A rate as tokens that drip in and are taken out.
 *
 * Invariant: between any two moments at most what dripped in between them and one burst is taken, but for the last
 * taking, which may leave a debt: it is paid off before anything more may be taken. So whatever the sizes of the
 * takings, the long-run rate is met.
 */
export class TokenBucket {
  #perMs = 0
  #most = 0
  #least = 0
  #tokens = 0
  #at: number

  /**
   * Begins empty, so that a limit holds from the moment it is set.
   *
   * @param perSecond above 0
   * @param now a clock in ms that doesn't jump
   */
  constructor(perSecond: number, now: number) {
    this.#at = now
    this.change(perSecond, now)
  }

  /** Another rate from now on. What is saved up, or owed, stays. */
  change(perSecond: number, now: number): void {
    if (!(perSecond > 0)) throw new RangeError(`a rate must be above 0, not ${perSecond}`)
    this.#drip(now)
    this.#perMs = perSecond / 1000
    this.#most = Math.max(1, perSecond * BURST_SECONDS)
    this.#least = Math.max(1, perSecond * LEAST_SECONDS)
    this.#tokens = Math.min(this.#most, this.#tokens)
  }

  /** How much may be taken now; 0 while that is too little to be worth it. */
  available(now: number): number {
    this.#drip(now)
    return this.#tokens < this.#least ? 0 : this.#tokens
  }

  /** Milliseconds until something may be taken. */
  opensIn(now: number): number {
    this.#drip(now)
    return Math.max(0, (this.#least - this.#tokens) / this.#perMs)
  }

  take(amount: number, now: number): void {
    this.#drip(now)
    this.#tokens -= amount
  }

  /** What was taken was not used after all. */
  giveBack(amount: number): void {
    this.#tokens = Math.min(this.#most, this.#tokens + amount)
  }

  #drip(now: number): void {
    if (now <= this.#at) return
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) * this.#perMs)
    this.#at = now
  }
}
