import { expect, it } from 'vitest'
import { LagTrend } from '../../../src/telemetry/metrics/lag-trend.ts'

const at = (seconds: number, lag: number, name = 'orders-0') => [seconds * 1000, new Map([[name, lag]])] as const

it('the change of a lag is records a second over the last half minute', () => {
  const trend = new LagTrend()
  trend.add(...at(0, 1000))
  expect(trend.changeOf('orders-0')).toBeUndefined()
  trend.add(...at(3, 1600))
  expect(trend.changeOf('orders-0')).toBe(200)
  for (let seconds = 6; seconds <= 120; seconds += 3) trend.add(...at(seconds, 10_000 - 50 * seconds))
  expect(trend.changeOf('orders-0')).toBeCloseTo(-50)
})

it('of a partition that came later or is unknown is not made up', () => {
  const trend = new LagTrend()
  trend.add(...at(0, 10))
  trend.add(...at(3, 10))
  trend.add(9000, new Map([['payments-0', 7]]))
  expect(trend.changeOf('payments-0')).toBeUndefined()
  expect(trend.changeOf('orders-0')).toBeUndefined()
  trend.add(12_000, new Map([['payments-0', 10]]))
  expect(trend.changeOf('payments-0')).toBe(1)
})
