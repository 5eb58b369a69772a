/**
 * Counts commits and knows how old the last checkpoint is.
 *
 * Invariant: `#since` is the last moment at which nothing delivered was uncommitted, or at which a commit succeeded. So
 * a mirror that was idle for an hour is not an hour behind when a record comes.
 */
export class CommitMeter {
  readonly #now: () => number
  #since: number
  #succeeded = 0
  #failed = 0

  /** @param now a clock in ms that doesn't jump */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#since = now()
  }

  /** @param succeeded for every partition that was in it */
  committed(succeeded: boolean): void {
    if (succeeded) {
      this.#succeeded += 1
      this.#since = this.#now()
    } else {
      this.#failed += 1
    }
  }

  read(): { readonly succeeded: number; readonly failed: number } {
    return { succeeded: this.#succeeded, failed: this.#failed }
  }

  /**
   * Seconds. Must be asked regularly: a commit that is due is noticed then.
   * @param uncommitted whether something was delivered and is not committed
   */
  age(uncommitted: boolean): number {
    if (!uncommitted) this.#since = this.#now()
    return (this.#now() - this.#since) / 1000
  }
}
