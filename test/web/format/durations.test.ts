import { describe, expect, it } from 'vitest'
import { formatAgo, formatDuration } from '../../../web/format/durations.ts'

const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ')

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [999, '999 ms'],
    [1500, '1.5 s'],
    [59_999, '1 m'],
    [192_000, '3 m 12 s'],
    [3_600_000, '1 h'],
    [90_061_000, '1 d 1 h'],
    [86_400_000 * 300, '300 d']
  ])('%d ms', (value, text) => {
    expect(plain(formatDuration(value))).toBe(text)
  })

  it('a clock that is ahead makes no time of the future', () => {
    expect(formatAgo(1_000_000, 900_000)).toBe('now')
    expect(plain(formatAgo(0, 12_000))).toBe('12 s ago')
    expect(plain(formatAgo(0, 7_300_000))).toBe('2 h ago')
    expect(plain(formatAgo(0, 86_400_000 * 3))).toBe('3 d ago')
  })
})
