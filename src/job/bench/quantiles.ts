import type { Latency } from './bench-types.ts'

/** @param latencies in ms, at least one */
export function latencyFigures(latencies: readonly number[], ratePerSecond: number): Latency {
  const sorted = latencies.toSorted((a, b) => a - b)
  /** The smallest latency that so large a share of the records did not exceed. */
  const quantile = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  return {
    records: sorted.length,
    ratePerSecond,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    p999Ms: quantile(0.999),
    maxMs: quantile(1)
  }
}
