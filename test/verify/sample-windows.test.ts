import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sampleWindows } from '../../src/verify/sample-windows.ts'
import type { SourceRange } from '../../src/verify/verify-types.ts'

const range = (partition: number, from: number, to: number, requiredTo = to): SourceRange => ({
  topic: 't',
  partition,
  from,
  to,
  requiredTo,
  isTrimmed: false,
  isStartUnknown: false
})

it('takes everything when there is no more', () => {
  expect(sampleWindows([range(0, 5, 10), range(1, 0, 0), range(2, 0, 9, 3)], 100)).toEqual([
    { topic: 't', partition: 0, from: 5, to: 10 },
    { topic: 't', partition: 2, from: 0, to: 3 }
  ])
})

it('reaches from the first offset to the last', () => {
  const windows = sampleWindows([range(0, 0, 500_000), range(1, 100, 500_100)], 1000)
  expect(windows[0]).toEqual({ topic: 't', partition: 0, from: 0, to: 50 })
  expect(windows.at(-1)).toEqual({ topic: 't', partition: 1, from: 500_050, to: 500_100 })
  expect(windows).toHaveLength(20)
})

it('keeps to what must be at the target, and to the number', () => {
  const ranges = fc.array(fc.tuple(fc.nat(1000), fc.nat(10_000), fc.nat(12_000)), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(ranges, fc.integer({ min: 1, max: 5000 }), (list, records) => {
      const sources = list.map(([from, width, required], index) => range(index, from, from + width, from + required))
      const windows = sampleWindows(sources, records)
      for (const { partition, from, to } of windows) {
        const of = sources[partition]
        expect(from).toBeLessThan(to)
        expect(from).toBeGreaterThanOrEqual(of?.from ?? 0)
        expect(to).toBeLessThanOrEqual(Math.min(of?.to ?? 0, of?.requiredTo ?? 0))
      }
      const total = windows.reduce((sum, { from, to }) => sum + to - from, 0)
      expect(total).toBeLessThan(records + 100)
    })
  )
})
