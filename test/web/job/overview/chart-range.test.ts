import { describe, expect, it } from 'vitest'
import { asRange } from '../../../../web/job/overview/chart-range.ts'

const NOW = 1_800_000_000_000

describe('the range of the charts', () => {
  it('is what the address says', () => {
    expect(asRange('24h', NOW - 1000, NOW)).toBe('24h')
    expect(asRange('1h', NOW - 1000, NOW)).toBe('1h')
  })

  it('else shows a job that has just started more than a sliver', () => {
    expect(asRange('', NOW - 60_000, NOW)).toBe('5m')
    expect(asRange('', NOW - 400_000, NOW)).toBe('1h')
    expect(asRange('', null, NOW)).toBe('1h')
  })

  it('takes no name of something else for a range', () => {
    expect(asRange('toString', null, NOW)).toBe('1h')
  })
})
