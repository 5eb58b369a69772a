import { ErrorCode } from './error-codes.ts'

const FIRST_MS = 200
/** Where only the brokers are asked for. */
const MOST_MS = 3200

/**
 * How long to wait for each answer to the same question, one after the other, until the deadline. A call can't be
 * interrupted and keeps its client, which goes on logging in meanwhile, so it is short while no broker is to be had
 * (`_TRANSPORT`). But librdkafka gives up a request with its call: a broker that is there and too far away for that
 * (`_TIMED_OUT`) is asked with twice as much time.
 *
 * @param deadline on the clock `now`, in milliseconds
 */
export class AnswerSlices {
  readonly #deadline: number
  readonly #now: () => number
  readonly #mostMs: number
  #next: number

  constructor(deadline: number, now: () => number = Date.now, mostMs = MOST_MS, firstMs = FIRST_MS) {
    this.#deadline = deadline
    this.#now = now
    this.#mostMs = mostMs
    this.#next = firstMs
  }

  /** Milliseconds, at least 1. */
  next(): number {
    return Math.max(1, Math.min(this.#next, this.#deadline - this.#now()))
  }

  /** The call ended with this code. */
  failed(code: number): void {
    if (code === ErrorCode.timedOut) this.#next = Math.min(2 * this.#next, this.#mostMs)
  }
}
