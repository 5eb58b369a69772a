import { describe, expect, it } from 'vitest'
import { quantile, quantiles } from '../../benchmarks/harness/quantiles.ts'

describe('quantile', () => {
  it('is a value that was seen, by nearest rank', () => {
    const values = Float64Array.from([1, 2, 3, 4])
    expect(quantile(values, 0.5)).toBe(2)
    expect(quantile(values, 0.51)).toBe(3)
    expect(quantile(values, 1)).toBe(4)
  })

  it('shows the one bad record of a hundred only beyond the 99th', () => {
    const values = Float64Array.from({ length: 100 }, (_, index) => (index === 99 ? 1000 : index))
    expect(quantile(values, 0.99)).toBe(98)
    expect(quantile(values, 0.999)).toBe(1000)
  })

  it('takes the only value for everything', () => {
    expect(quantile(Float64Array.of(7), 0.001)).toBe(7)
  })

  it('has no answer without values', () => {
    expect(() => quantile(new Float64Array(0), 0.5)).toThrow('no values')
  })
})

describe('quantiles', () => {
  it('sorts by size, whatever the order of arrival, and leaves the values as they are', () => {
    const values = Float64Array.from([30, 4, 100])
    expect(quantiles(values)).toEqual({ p50: 30, p99: 100, p999: 100, max: 100 })
    expect([...values]).toEqual([30, 4, 100])
  })
})
