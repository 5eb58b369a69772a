import { describe, expect, it } from 'vitest'
import { describeRuns, targetOffsets } from '../../../src/telemetry/traces/describe-runs.ts'

describe('describeRuns', () => {
  it('says which offsets became which', () => {
    const runs = [
      { sourceOffset: 1000, targetOffset: 5000, count: 1000 },
      { sourceOffset: 2005, targetOffset: 6000, count: 1 },
      { sourceOffset: 2006, targetOffset: -1, count: 2 }
    ]
    expect(describeRuns(runs, [])).toEqual(['1000..1999 -> 5000..5999', '2005 -> 6000', '2006..2007 -> ?'])
    expect(targetOffsets(runs)).toEqual({ first: 5000, last: 6000 })
    expect(targetOffsets(runs.slice(2))).toBeUndefined()
    expect(targetOffsets([])).toBeUndefined()
  })

  it('of too many those that were asked for are kept, in order', () => {
    const runs = Array.from({ length: 200 }, (_, i) => ({ sourceOffset: 10 * i, targetOffset: i, count: 1 }))
    const described = describeRuns(runs, [{ from: 1990, to: 1991 }])
    expect(described).toHaveLength(64)
    expect(described[0]).toBe('0 -> 0')
    expect(described.at(-1)).toBe('1990 -> 199')
  })
})
