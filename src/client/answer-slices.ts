const FIRST_MS = 200
const MOST_MS = 3200

/**
 * How long to wait for each answer to the same question, one after the other, until the deadline: a call can't be
 * interrupted and holds a libuv thread, so the first are short. librdkafka gives up a request with its call, so one that
 * never gets longer would never hear from a broker that is farther away than that.
 *
 * @param deadline on the clock `now`, in milliseconds
 */
export class AnswerSlices {
  readonly #deadline: number
  readonly #now: () => number
  #next = FIRST_MS

  constructor(deadline: number, now: () => number = Date.now) {
    this.#deadline = deadline
    this.#now = now
  }

  /** Milliseconds, at least 1. */
  next(): number {
    const slice = Math.max(1, Math.min(this.#next, this.#deadline - this.#now()))
    this.#next = Math.min(2 * this.#next, MOST_MS)
    return slice
  }
}
