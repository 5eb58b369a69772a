const FIRST_DELAY_MS = 500
/** For one that delivers nothing in between. */
const MAX_DELAY_MS = 30_000
/** For one that delivered since its last crash: whoever kills it, the job is back within ten seconds. */
const MAX_DELAY_AFTER_PROGRESS_MS = 5000
/** This many crashes without a delivered record in between, and the job gives up. */
const MAX_FRUITLESS = 6
/** A worker that delivered for this long starts afresh. */
const FORGIVE_AFTER_MS = 60_000

/**
 * When a worker that crashed is started again.
 *
 * Invariant: delays double from one crash to the next until the worker has run well for a minute.
 */
export class RestartPolicy {
  #crashes = 0
  #fruitless = 0
  #lastCrash = -Infinity

  /** The worker delivered something. */
  progressed(now: number): void {
    this.#fruitless = 0
    if (now - this.#lastCrash > FORGIVE_AFTER_MS) this.#crashes = 0
  }

  /** It crashed: the delay until the next start in ms, or undefined to give up. */
  next(now: number): number | undefined {
    const most = this.#fruitless === 0 ? MAX_DELAY_AFTER_PROGRESS_MS : MAX_DELAY_MS
    this.#lastCrash = now
    this.#fruitless += 1
    if (this.#fruitless >= MAX_FRUITLESS) return undefined
    const delay = Math.min(most, FIRST_DELAY_MS * 2 ** this.#crashes)
    this.#crashes += 1
    return delay
  }
}
