import fc from 'fast-check'
import { expect, test } from 'vitest'
import { median, medianInterval } from '../../benchmarks/harness/median.ts'

test('the median of an even count lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([9, 1, 5])).toBe(5)
})

test('fifteen pairs: the fourth and the twelfth value, as the binomial tables have it', () => {
  const values = Array.from({ length: 15 }, (_, index) => index + 1)
  const interval = medianInterval(values)
  expect(interval).toMatchObject({ median: 8, low: 4, high: 12 })
  expect(interval.confidence).toBeCloseTo(0.9648, 4)
})

test('too few values for 95 % say so', () => {
  const interval = medianInterval([1, 2, 3])
  expect(interval).toMatchObject({ low: 1, high: 3, confidence: 0.75 })
})

test('the interval holds the median and is sure enough from six values on', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 6, maxLength: 60 }),
      (values) => {
        const { median: middle, low, high, confidence } = medianInterval(values)
        return low <= middle && middle <= high && confidence >= 0.95
      }
    )
  )
})
