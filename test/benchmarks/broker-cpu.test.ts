import { expect, test } from 'vitest'
import { brokerCpu } from '../../benchmarks/harness/broker-cpu.ts'

test('a broker that is ended during a run leaves what it had used', () => {
  const times = [10, 12, 15]
  const used = brokerCpu({
    cpuSeconds: () => {
      const next = times.shift()
      if (next === undefined) throw new Error('ENOENT')
      return next
    }
  })
  expect([used(), used(), used()]).toEqual([2, 5, 5])
})
