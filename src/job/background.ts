import { setTimeout as pause } from 'node:timers/promises'
import { MillraceError } from '../model/millrace-error.ts'

export interface BackgroundOptions {
  /** A cluster did not answer; it is asked again. */
  readonly onWarning: (error: MillraceError) => void
  /** Something failed for good. */
  readonly onFailed: (error: MillraceError) => void
}

const RETRY_MS = 1000

/**
 * What goes on beside the copying until that ends.
 *
 * Invariant: after `end` nothing begins, every wait is over, and nothing fails any more.
 */
export class Background {
  readonly #options: BackgroundOptions
  readonly #ended = new AbortController()

  constructor(options: BackgroundOptions) {
    this.#options = options
  }

  end(): void {
    this.#ended.abort()
  }

  begin(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.#ended.signal.aborted) this.#options.onFailed(error as MillraceError)
    })
  }

  /** Does something again and again, for the first time after the first pause. */
  repeat(work: () => Promise<void>, pauseMs: () => number): void {
    this.begin(this.#repeat(work, pauseMs))
  }

  /** The same, for the first time now. */
  repeatNow(work: () => Promise<void>, pauseMs: () => number): void {
    this.begin(work().then(async () => await this.#repeat(work, pauseMs)))
  }

  async #repeat(work: () => Promise<void>, pauseMs: () => number): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await pause(pauseMs(), undefined, { signal: this.#ended.signal })
      await work()
    }
  }

  /** Rejects at once for what no further attempt could change. */
  async untilItWorks<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt()
      } catch (error) {
        if (isForGood(error) || this.#ended.signal.aborted) throw error
        this.#options.onWarning(error as MillraceError)
        await pause(RETRY_MS, undefined, { signal: this.#ended.signal })
      }
    }
  }

  /** Resolves at this time (ms since 1970); setTimeout itself counts to 2^31 ms only. */
  async until(time: number): Promise<void> {
    for (let left = time - Date.now(); left > 0; left = time - Date.now()) {
      await pause(Math.min(left, 2 ** 30), undefined, { signal: this.#ended.signal })
    }
  }
}

/** Whether another attempt is of no use. */
export function isForGood(error: unknown): boolean {
  return !(error instanceof MillraceError) || error.kind !== 'retry'
}

/**
 * Does what only shows or checks something: a cluster that does not answer is asked again later by whoever comes next,
 * but refused credentials are never tried again.
 */
export async function exceptForTrouble(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof MillraceError) || error.kind === 'authentication') throw error
  }
}
