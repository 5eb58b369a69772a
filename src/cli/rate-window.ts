export interface Rates {
  readonly recordsPerSecond: number
  readonly bytesPerSecond: number
}

interface Sample {
  readonly at: number
  readonly records: number
  readonly bytes: number
}

/**
 * Speed over the last seconds, from totals that only grow.
 *
 * Invariant: the first sample is the youngest that is at least a window old, or the very first one.
 */
export class RateWindow {
  readonly #windowMs: number
  readonly #samples: Sample[] = []

  constructor(windowMs = 5000) {
    this.#windowMs = windowMs
  }

  /** @param at a clock in ms that doesn't jump */
  add(at: number, totals: { readonly records: number; readonly bytes: number }): Rates {
    const samples = this.#samples
    samples.push({ at, records: totals.records, bytes: totals.bytes })
    while ((samples[1]?.at ?? Infinity) <= at - this.#windowMs) samples.shift()
    const first = samples[0]
    const seconds = first === undefined ? 0 : (at - first.at) / 1000
    if (first === undefined || seconds <= 0) return { recordsPerSecond: 0, bytesPerSecond: 0 }
    return {
      recordsPerSecond: (totals.records - first.records) / seconds,
      bytesPerSecond: (totals.bytes - first.bytes) / seconds
    }
  }
}
