import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineWidth } from '../../src/cli/fit-line.ts'
import { renderLive } from '../../src/cli/render-live.ts'
import { progressOf, snapshotOf } from './fake-job.ts'

const RATES = { recordsPerSecond: 84_100, bytesPerSecond: 3 * 1024 * 1024 }
const ESC = '\u001B'

describe('the live table', () => {
  it('says state, speed, totals, lag, memory in flight, workers and restarts', () => {
    const text = renderLive({ snapshot: snapshotOf({ restarts: 2 }), rates: RATES }, { columns: 120, rows: 24 }, false)
    expect(text.slice(0, 4)).toEqual([
      'orders-to-dr  RUNNING  0:12',
      '  1,234,567 records   5.0 MiB   84,100 records/s   3.0 MiB/s   lag 50   latency p50 200 ms, p99 1.3 s',
      '  in flight 1.0 KiB of 64.0 MiB   1 worker (100.0 MiB)   2 restarts',
      '  limited by target 80 % (source 5 %, mirror 15 %): acknowledgements arrive slowly: look at quotas, network and replica…'
    ])
    expect(text.find((line) => line.startsWith('orders '))).toMatch(
      /^orders +orders-copy +1 +100 +9\.8 KiB +50 +copying$/
    )
  })

  it('shows the topics with the most lag when there is no room for all', () => {
    const partitions = Array.from({ length: 500 }, (_, index) =>
      progressOf({ topic: `topic-${index}`, end: 100 + index })
    )
    const lines = renderLive({ snapshot: snapshotOf({ partitions }), rates: RATES }, { columns: 120, rows: 12 }, false)
    expect(lines.length).toBeLessThan(12)
    expect(lines.join('\n')).toContain('topic-499')
    expect(lines.join('\n')).not.toContain('topic-0 ')
    expect(lines.at(-1)).toMatch(/^… and \d+ topics with less lag$/)
  })

  it('shows which partitions of a topic are behind', () => {
    const partitions = [0, 1, 2].map((partition) => progressOf({ partition, end: 100 + 10 * partition }))
    const text = renderLive({ snapshot: snapshotOf({ partitions }), rates: RATES }, { columns: 120, rows: 24 }, false)
    const names = text.filter((line) => /^orders-\d/.test(line)).map((line) => line.split(' ')[0])
    expect(names).toEqual(['orders-2', 'orders-1'])
  })

  it('does not claim to know a lag before the end of a partition is known', () => {
    const { end: _, ...unknown } = progressOf()
    const lines = renderLive(
      { snapshot: snapshotOf({ partitions: [unknown] }), rates: RATES },
      { columns: 120, rows: 24 },
      false
    )
    expect(lines[1]).toContain('lag ?')
  })

  it('lets no topic name speak to the terminal', () => {
    const partitions = [progressOf({ target: `${ESC}]0;owned` })]
    const text = renderLive({ snapshot: snapshotOf({ partitions }), rates: RATES }, { columns: 120, rows: 24 }, false)
    expect(text.join('\n')).not.toContain(ESC)
    expect(text.join('\n')).toContain('\\x1b]0;owned')
  })

  it('never exceeds the terminal', () => {
    const partition = fc.record({
      topic: fc.string({ maxLength: 300 }),
      partition: fc.nat(20),
      state: fc.constantFrom('copying' as const, 'revoked' as const, 'completed' as const, 'stopped' as const),
      to: fc.nat(),
      end: fc.nat()
    })
    const size = fc.record({ columns: fc.integer({ min: 20, max: 200 }), rows: fc.integer({ min: 5, max: 60 }) })
    fc.assert(
      fc.property(fc.array(partition, { maxLength: 40 }), size, fc.boolean(), (all, { columns, rows }, color) => {
        const snapshot = snapshotOf({ partitions: all.map(progressOf) })
        const lines = renderLive({ snapshot, rates: RATES }, { columns, rows }, color)
        expect(lines.length).toBeLessThan(rows)
        for (const line of lines) {
          expect(lineWidth(line)).toBeLessThanOrEqual(columns)
          expect(line).not.toContain('\n')
        }
      })
    )
  })
})
