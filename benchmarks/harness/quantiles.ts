/**
 * The smallest of the values that so many of all are not greater than (nearest rank): always one that was seen, and the
 * greatest for anything beyond the resolution of a sample. `values` must be ascending.
 */
export function quantile(values: Float64Array, share: number): number {
  const index = Math.max(0, Math.ceil(share * values.length) - 1)
  const value = values[index]
  if (value === undefined) throw new Error('no values')
  return value
}

export interface Quantiles {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export function quantiles(values: Float64Array): Quantiles {
  const sorted = values.toSorted()
  return {
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    p999: quantile(sorted, 0.999),
    max: quantile(sorted, 1)
  }
}
