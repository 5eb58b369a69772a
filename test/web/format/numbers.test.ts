import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatBytesRate,
  formatCount,
  formatExact,
  formatRate,
  formatShare
} from '../../../web/format/numbers.ts'

const plain = (text: string) => text.replaceAll('\u202f', ' ')

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [4213118, '4 213 118'],
    [1234.5678, '1 234.567']
  ])('%d exactly', (value, text) => {
    expect(plain(formatExact(value))).toBe(text)
  })

  it.each([
    [9999, '9 999'],
    [10_000, '10 k'],
    [12_345, '12.3 k'],
    [999_949, '1 M'],
    [999_400, '999 k'],
    [1_234_567, '1.2 M'],
    [75_900_000_000, '75.9 G']
  ])('%d in short', (value, text) => {
    expect(plain(formatCount(value))).toBe(text)
  })

  it('a trickle does not look like nothing', () => {
    expect(formatRate(0)).toBe('0/s')
    expect(formatRate(0.02)).toBe('0.1/s')
    expect(formatRate(2.34)).toBe('2.3/s')
  })

  it('bytes by powers of 1024', () => {
    expect(plain(formatBytes(0))).toBe('0 B')
    expect(plain(formatBytes(1000))).toBe('1000 B')
    expect(plain(formatBytes(1536))).toBe('1.5 KiB')
    expect(plain(formatBytes(256 * 1024 * 1024))).toBe('256 MiB')
    expect(plain(formatBytesRate(1024 ** 3))).toBe('1 GiB/s')
  })

  it('what is not known is a dash, never 0', () => {
    for (const format of [formatExact, formatCount, formatRate, formatBytes, formatBytesRate, formatShare]) {
      expect(format(null)).toBe('–')
      expect(format(Number.NaN)).toBe('–')
    }
  })

  it('no short number is longer than a column of a table', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (value) => {
        expect(formatCount(value).length).toBeLessThanOrEqual(7)
        expect(formatBytes(value).length).toBeLessThanOrEqual(8)
      })
    )
  })
})
