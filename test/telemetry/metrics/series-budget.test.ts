import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SeriesBudget } from '../../../src/telemetry/metrics/series-budget.ts'

const partitions = (topic: string, count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => ({ topic, partition: first + index, value: 1 }))

const labelsOf = (budget: SeriesBudget, all: ReturnType<typeof partitions>) =>
  budget.group(all).map(({ labels, partitions }) => [labels, partitions.length])

describe('series', () => {
  it('are by partition while they fit, else by topic, else one', () => {
    expect(labelsOf(new SeriesBudget(2), partitions('a', 2))).toEqual([
      [{ topic: 'a', partition: 0 }, 1],
      [{ topic: 'a', partition: 1 }, 1]
    ])
    const both = [...partitions('a', 2), ...partitions('b', 2)]
    expect(labelsOf(new SeriesBudget(2), both)).toEqual([
      [{ topic: 'a' }, 2],
      [{ topic: 'b' }, 2]
    ])
    expect(labelsOf(new SeriesBudget(1), both)).toEqual([[{}, 4]])
    expect(labelsOf(new SeriesBudget(0), both)).toEqual([[{}, 4]])
  })

  it('of partitions that come later do not take those of others away', () => {
    const budget = new SeriesBudget(3)
    budget.admit(partitions('a', 2))
    expect(labelsOf(budget, [...partitions('a', 2), ...partitions('b', 2)])).toEqual([
      [{ topic: 'a', partition: 0 }, 1],
      [{ topic: 'a', partition: 1 }, 1],
      [{ topic: 'b' }, 2]
    ])
  })

  it('stay bounded, keep each partition where it was, and lose none, whatever comes', () => {
    const arrival = fc.array(fc.record({ topic: fc.constantFrom('a', 'b', 'c', 'd'), partition: fc.nat(6) }))
    fc.assert(
      fc.property(fc.nat(8), fc.array(arrival), (most, arrivals) => {
        const budget = new SeriesBudget(most)
        const seen = new Map<string, string>()
        const all = new Map<string, { topic: string; partition: number }>()
        for (const arrived of arrivals) {
          for (const one of arrived) all.set(`${one.topic}-${one.partition}`, one)
          const groups = budget.group([...all.values()])
          expect(groups.flatMap(({ partitions: some }) => some)).toHaveLength(all.size)
          expect(groups.filter(({ labels }) => labels.partition !== undefined).length).toBeLessThanOrEqual(most)
          expect(groups.length).toBeLessThanOrEqual(2 * most + 1)
          for (const { labels, partitions: some } of groups) {
            for (const { topic, partition } of some) {
              const name = `${topic}-${partition}`
              expect(seen.get(name) ?? JSON.stringify(labels)).toBe(JSON.stringify(labels))
              seen.set(name, JSON.stringify(labels))
            }
          }
        }
      })
    )
  })
})
