/**
 * Which side a worker waits for. `source`: records. `target`: deliveries. `mirror`: nothing, it works (its processor
 * time is the limit). `rate`: the limit that the user has set. `idle`: there is nothing to copy.
 */
export type Side = 'source' | 'mirror' | 'target' | 'rate' | 'idle'

export type LimitSeconds = Readonly<Record<Side, number>>

export const SIDES: readonly Side[] = ['source', 'mirror', 'target', 'rate', 'idle']

export const NO_SECONDS: LimitSeconds = { source: 0, mirror: 0, target: 0, rate: 0, idle: 0 }

/**
 * Accounts the time of the loop that reads: at each moment it waits for one side, or works.
 *
 * Waiting says little when a thread of the process is busy all the time: records then wait for that thread, whatever
 * the loop waits for. So time is settled interval by interval, and in an interval with such a thread waiting for the
 * source or the target counts as the mirror's.
 *
 * Invariant: the seconds of all sides, settled or not, add up to the time between the first and the last `spent`.
 */
export class LimitClock {
  #since: number
  readonly #open: Record<Side, number> = { ...NO_SECONDS }
  readonly #settled: Record<Side, number> = { ...NO_SECONDS }

  /** @param now a clock in ms that doesn't jump */
  constructor(now: number) {
    this.#since = now
  }

  /** The time since the last call went to this side. */
  spent(side: Side, now: number): void {
    this.#open[side] += Math.max(0, now - this.#since) / 1000
    this.#since = Math.max(this.#since, now)
  }

  /** @param busy whether some thread had to do all the time since the last call */
  settle(busy: boolean): void {
    for (const side of SIDES) {
      const to = busy && (side === 'source' || side === 'target') ? 'mirror' : side
      this.#settled[to] += this.#open[side]
      this.#open[side] = 0
    }
  }

  /** What is settled, since the beginning. */
  seconds(): LimitSeconds {
    return { ...this.#settled }
  }
}
