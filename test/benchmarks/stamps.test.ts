import { describe, expect, it } from 'vitest'
import { toStamps } from '../../benchmarks/harness/stamps.ts'

function pairs(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer)
}

describe('toStamps', () => {
  it('never makes a latency shorter than it was by the steps of the broker’s clock', () => {
    // Written 0.9 ms into a millisecond, appended 0.05 ms later: the broker says 0.95 ms earlier.
    const { written, latencyMs } = toStamps(pairs(1_700_000_000_000_900, 1_700_000_000_000_000))
    expect(written[0]).toBe(1_700_000_000_000_900)
    expect(latencyMs[0]).toBeCloseTo(0.1)
  })

  it('keeps the order of the file', () => {
    const { latencyMs } = toStamps(pairs(1000, 6000, 2000, 5000))
    expect([...latencyMs]).toEqual([6, 4])
  })

  it('reads a slice of a larger buffer', () => {
    const bytes = pairs(0, 0, 1000, 3000)
    expect([...toStamps(bytes.subarray(16)).latencyMs]).toEqual([3])
  })
})
