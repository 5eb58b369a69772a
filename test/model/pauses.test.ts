import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NOTHING_PAUSED, pause, pauseTest, resume, type PauseTarget } from '../../src/model/pauses.ts'

const topic = fc.constantFrom('orders', 'orders-1', 'payments')
const target: fc.Arbitrary<PauseTarget> = fc.oneof(
  fc.constant({}),
  topic.map((name) => ({ topic: name })),
  fc.record({ topic, partition: fc.nat(3) })
)
const places = ['orders', 'orders-1', 'payments'].flatMap((name) =>
  [0, 1, 2, 3].map((partition) => ({ topic: name, partition }))
)
const covers = ({ topic: name, partition }: PauseTarget, place: { topic: string; partition: number }): boolean =>
  (name === undefined || name === place.topic) && (partition === undefined || partition === place.partition)

describe('pauses', () => {
  it('a topic whose name ends like a partition is not that partition', () => {
    const paused = pauseTest(pause(NOTHING_PAUSED, { topic: 'orders', partition: 1 }))
    expect(paused({ topic: 'orders-1', partition: 0 })).toBe(false)
  })

  it('hold for all that they name, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(target), target, (before, last) => {
        const paused = pauseTest(pause(before.reduce(pause, NOTHING_PAUSED), last))
        for (const place of places) if (covers(last, place)) expect(paused(place)).toBe(true)
      })
    )
  })

  it('are ended with all that is in them, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(target), target, (before, last) => {
        const pauses = before.reduce(pause, NOTHING_PAUSED)
        const left = pauseTest(resume(pauses, last))
        for (const place of places) {
          const wider = before.some((one) => covers(one, place) && !isWithin(one, last))
          expect(left(place)).toBe(wider)
        }
      })
    )
  })
})

function isWithin(one: PauseTarget, other: PauseTarget): boolean {
  if (other.topic === undefined) return true
  if (one.topic !== other.topic) return false
  return other.partition === undefined || one.partition === other.partition
}
