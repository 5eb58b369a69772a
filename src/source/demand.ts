import { RateLimit } from './rate-limit.ts'

/** Longer than a batch waits for others and for a far target. */
const STANDS_STILL_AFTER_MS = 1000

/**
 * How much more the source may hand out.
 *
 * Invariant: `charged` is the sum of the charges of all batches that were handed out or are held back, and are not yet
 * settled. A batch is charged once and released once, so it never goes below 0.
 */
export class Demand {
  /** How much may be read in a second. */
  readonly rate = new RateLimit()
  readonly #limit: number
  readonly #now: () => number
  #charged = 0
  /** When something was settled last, or the first was handed out since nothing was in flight. */
  #movedAt = 0
  readonly #emptied: (() => void)[] = []
  #holds = 0
  #waiting: { readonly bytes: number; readonly wake: () => void } | undefined

  /**
   * @param limit bytes that may be out at one time, per-record overhead included
   * @param now a clock in ms that doesn't jump
   */
  constructor(limit: number, now: () => number = () => performance.now()) {
    if (!(limit > 0)) throw new RangeError(`demand needs a limit above 0, got ${limit}`)
    this.#limit = limit
    this.#now = now
  }

  get limit(): number {
    return this.#limit
  }

  get charged(): number {
    return this.#charged
  }

  /** Bytes that may still be handed out; 0 when closed. A batch may exceed it: the last one always fits. */
  get room(): number {
    return this.#holds > 0 ? 0 : Math.max(0, this.#limit - this.#charged)
  }

  /** Nothing at all may be handed out, not even what is held back. */
  get onHold(): boolean {
    return this.#holds > 0
  }

  /** Something is in flight, and nothing has been settled for a while. */
  get standsStill(): boolean {
    return this.#charged > 0 && this.#now() - this.#movedAt > STANDS_STILL_AFTER_MS
  }

  charge(bytes: number): void {
    if (this.#charged === 0) this.#movedAt = this.#now()
    this.#charged += bytes
  }

  release(bytes: number): void {
    this.#charged -= bytes
    this.#movedAt = this.#now()
    if (this.#charged < 0) throw new Error(`demand released more than was charged: ${this.#charged} B`)
    this.#wake()
  }

  /** Closes demand whatever is charged, until the returned function is called. */
  hold(): () => void {
    this.#holds += 1
    let held = true
    return () => {
      if (!held) return
      held = false
      this.#holds -= 1
      this.#wake()
    }
  }

  /**
   * What one partition may have in flight: a quarter of all, so that a target partition without a leader stops only
   * itself; more where there are fewer than four to share it.
   */
  partitionShare(partitions: number): number {
    return this.#limit / Math.min(4, Math.max(1, partitions))
  }

  /**
   * Room worth a poll: more than an eighth of the limit or `bytes`, whichever is less. A source that took every crumb
   * of room would hand out tiny batches.
   */
  isOpenFor(bytes: number): boolean {
    return this.room >= Math.min(bytes, this.#limit / 8)
  }

  /** Resolves when demand is open for `bytes`, at the latest after `timeoutMs`. One caller at a time. */
  async whenOpenFor(bytes: number, timeoutMs: number): Promise<void> {
    if (this.isOpenFor(bytes)) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = undefined
        resolve()
      }, timeoutMs)
      this.#waiting = {
        bytes,
        wake: () => {
          clearTimeout(timer)
          resolve()
        }
      }
    })
  }

  /** Resolves true when nothing is charged, false after `timeoutMs`. */
  async whenEmpty(timeoutMs: number): Promise<boolean> {
    if (this.#charged === 0) return true
    return await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs)
      this.#emptied.push(() => {
        clearTimeout(timer)
        resolve(true)
      })
    })
  }

  #wake(): void {
    if (this.#charged === 0) for (const emptied of this.#emptied.splice(0)) emptied()
    const waiting = this.#waiting
    if (waiting === undefined || !this.isOpenFor(waiting.bytes)) return
    this.#waiting = undefined
    waiting.wake()
  }
}
