import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partitionRoute } from '../../src/mapping/partition-route.ts'

const route = (targetPartitions: number, target = 't') => ({ source: 's', target, targetPartitions })

describe('partitionRoute', () => {
  it('same keeps the number and never maps two partitions to one', () => {
    const same = partitionRoute('same')
    expect([0, 1, 2].map((partition) => same(route(5), partition))).toEqual([0, 1, 2])
  })

  it('same refuses a partition that the target lacks instead of folding it into another', () => {
    expect(() => partitionRoute('same')(route(2), 2)).toThrow(
      expect.objectContaining({ code: 'MR_TARGET_PARTITION_MISSING', kind: 'partition' })
    )
  })

  it('zero is always 0', () => {
    expect([0, 7].map((partition) => partitionRoute('zero')(route(3), partition))).toEqual([0, 0])
  })

  it('sticky stays inside the target and spreads batches evenly, wherever it begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(100), fc.integer({ min: 1, max: 10 }), (n, first, rounds) => {
        const sticky = partitionRoute('sticky', { first })
        const counts = new Array<number>(n).fill(0)
        for (let i = 0; i < n * rounds; i++) {
          const partition = sticky(route(n), i % 3)
          counts[partition] = (counts[partition] ?? Number.NaN) + 1
        }
        expect(counts).toEqual(new Array<number>(n).fill(rounds))
      })
    )
  })

  it('sticky uses partitions that a growing target gets', () => {
    const sticky = partitionRoute('sticky')
    sticky(route(1), 0)
    const seen = new Set(Array.from({ length: 6 }, () => sticky(route(3), 0)))
    expect(seen).toEqual(new Set([0, 1, 2]))
  })

  it('sticky goes round a partition that takes nothing more, and waits at one when none does', () => {
    const full = new Set([1])
    const sticky = partitionRoute('sticky', { isFull: ({ partition }) => full.has(partition) })
    expect([0, 1, 2, 3].map(() => sticky(route(3), 0))).toEqual([0, 2, 0, 2])
    full.add(0).add(2)
    expect(sticky(route(3), 0)).toBeLessThan(3)
  })
})
