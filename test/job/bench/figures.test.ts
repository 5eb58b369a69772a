import { describe, expect, it } from 'vitest'
import { compareCounts } from '../../../src/job/bench/copy-check.ts'
import { generatedValues } from '../../../src/job/bench/generated-values.ts'
import { latencyFigures } from '../../../src/job/bench/quantiles.ts'
import { steadyThroughput } from '../../../src/job/bench/steady-throughput.ts'

describe('steadyThroughput', () => {
  it('is of the middle: neither the start nor the tail counts', () => {
    const samples = [
      { seconds: 0, records: 0, cpuSeconds: 0 },
      { seconds: 10, records: 0, cpuSeconds: 5 },
      { seconds: 11, records: 100, cpuSeconds: 5.1 },
      { seconds: 20, records: 1000, cpuSeconds: 6 },
      { seconds: 30, records: 1000, cpuSeconds: 9 }
    ]
    const figures = steadyThroughput(samples)
    expect(figures?.recordsPerSecond).toBeCloseTo(100, 6)
    expect(figures?.cpuMicrosPerRecord).toBeCloseTo(1000, 3)
    expect(figures).toMatchObject({ startSeconds: 10, seconds: 30 })
  })

  it('is of the whole when there is no middle, and nothing when nothing was copied', () => {
    expect(steadyThroughput([{ seconds: 2, records: 100, cpuSeconds: undefined }])).toEqual({
      recordsPerSecond: 50,
      cpuMicrosPerRecord: undefined,
      startSeconds: 2,
      seconds: 2
    })
    expect(steadyThroughput([{ seconds: 1, records: 0, cpuSeconds: 1 }])).toBeUndefined()
    expect(steadyThroughput([])).toBeUndefined()
  })
})

describe('latencyFigures', () => {
  it('tells the latency that so large a share did not exceed', () => {
    const latencies = Array.from({ length: 1000 }, (_, index) => 1000 - index)
    expect(latencyFigures(latencies, 10)).toEqual({
      records: 1000,
      ratePerSecond: 10,
      p50Ms: 500,
      p99Ms: 990,
      p999Ms: 999,
      maxMs: 1000
    })
    expect(latencyFigures([7], 1)).toMatchObject({ p50Ms: 7, p999Ms: 7, maxMs: 7 })
  })
})

describe('compareCounts', () => {
  it('holds partitions against each other where the policy keeps them', () => {
    expect(compareCounts([2, 3], [2, 3], 'same').equal).toBe(true)
    expect(compareCounts([2, 3], [3, 2], 'same').equal).toBe(false)
    expect(compareCounts([2, 3], [3, 2], 'sticky').equal).toBe(true)
    expect(compareCounts([2, 3], [4], 'zero').equal).toBe(false)
  })
})

describe('generatedValues', () => {
  it.each(['random', 'json'] as const)('%s has the size asked for, and enough different ones', (payload) => {
    for (const size of [1, 17, 500, 1_000_000]) {
      const values = generatedValues(payload, size)
      expect(values.every((value) => value.length === size)).toBe(true)
      expect(values.length).toBeGreaterThanOrEqual(16)
      expect(values.length).toBeLessThanOrEqual(65_536)
    }
    expect(new Set(generatedValues(payload, 500).map((value) => value.toString('latin1'))).size).toBeGreaterThan(10_000)
  })
})
