import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { traceTargets } from '../../../src/telemetry/traces/trace-targets.ts'

const ORDERS_7 = { topic: 'orders', partition: 7 }
const batch = { from: 100, to: 200 }

describe('traceTargets', () => {
  it.each<[string, string[], { topic: string; partition: number }, { from: number; to: number }[]]>([
    ['a topic: all of it', ['orders'], ORDERS_7, [batch]],
    ['a partition: all of it', ['orders-7'], ORDERS_7, [batch]],
    ['another partition: nothing', ['orders-8'], ORDERS_7, []],
    ['a topic that is called like a partition, too', ['orders-7'], { topic: 'orders-7', partition: 3 }, [batch]],
    ['a topic that only begins like it', ['orders'], { topic: 'orders-7', partition: 3 }, []],
    ['an offset', ['orders-7@123'], ORDERS_7, [{ from: 123, to: 124 }]],
    ['the first offset', ['orders-7@100'], ORDERS_7, [{ from: 100, to: 101 }]],
    ['the last offset', ['orders-7@199'], ORDERS_7, [{ from: 199, to: 200 }]],
    ['an offset before', ['orders-7@99'], ORDERS_7, []],
    ['an offset behind', ['orders-7@200'], ORDERS_7, []],
    ['a range across the begin', ['orders-7@0..100'], ORDERS_7, [{ from: 100, to: 101 }]],
    ['a range across the end', ['orders-7@199..1000'], ORDERS_7, [{ from: 199, to: 200 }]],
    [
      'a range of a topic that looks like a partition',
      ['a-1-2@150'],
      { topic: 'a-1', partition: 2 },
      [{ from: 150, to: 151 }]
    ],
    ['a range of another partition', ['orders-6@0..1000'], ORDERS_7, []],
    [
      'several',
      ['orders-7@1', 'orders-7@110', 'x', 'orders-7@120..130'],
      ORDERS_7,
      [
        { from: 110, to: 111 },
        { from: 120, to: 131 }
      ]
    ],
    ['nothing at all', [], ORDERS_7, []]
  ])('%s', (_, always, source, asked) => {
    expect(traceTargets(always).askedOf(source, batch)).toEqual(asked)
  })

  it('what was asked for is what range and batch have in common', () => {
    const offset = fc.nat(60)
    fc.assert(
      fc.property(offset, offset, offset, offset, (first, length, from, count) => {
        const within = { from, to: from + count }
        const found = traceTargets([`t-0@${first}..${first + length}`]).askedOf({ topic: 't', partition: 0 }, within)
        const offsets = found.flatMap((range) =>
          Array.from({ length: range.to - range.from }, (_, i) => range.from + i)
        )
        const common = Array.from({ length: count }, (_, i) => from + i).filter(
          (o) => o >= first && o <= first + length
        )
        expect(offsets).toEqual(common)
      })
    )
  })
})
