import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDuration, parseSize, parseTime } from '../../src/config/parse-quantities.ts'

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['1024', 1024],
    ['64kB', 64_000],
    ['64KiB', 65_536],
    ['512MiB', 536_870_912],
    ['1.5 GiB', 1_610_612_736],
    ['1gb', 1e9]
  ])('%s', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  it.each(['', '-1', '512Mi', '512M', '1e6', '1 000', 'MiB', '9999999TiB', '1.MiB', ' 1'])('%j is refused', (text) => {
    expect(parseSize(text)).toBeUndefined()
  })

  it('a whole number of any unit is exact', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (n) => {
        expect(parseSize(`${n}MiB`)).toBe(n * 2 ** 20)
      })
    )
  })
})

describe('durations', () => {
  it.each([
    ['250', 250],
    ['250ms', 250],
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000]
  ])('%s', (text, ms) => expect(parseDuration(text)).toBe(ms))

  it.each(['', '-1', '30 s', '1.5', '30sec', 's', '1M', '5m30'])('%j is refused', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it('parts add up', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (h, m, s) => {
        expect(parseDuration(`${h}h${m}m${s}s`)).toBe(((h * 60 + m) * 60 + s) * 1000)
      })
    )
  })
})

describe('times', () => {
  it('read back what toISOString writes', () => {
    const date = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
    fc.assert(
      fc.property(date, (time) => {
        expect(parseTime(time.toISOString())).toBe(time.getTime())
      })
    )
  })

  it('shift by their zone', () => {
    fc.assert(
      fc.property(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59), (sign, hours, minutes) => {
        const zone = `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
        const shift = (hours * 60 + minutes) * 60_000 * (sign === '+' ? -1 : 1)
        expect(parseTime(`2026-03-01T12:00:00${zone}`)).toBe(Date.UTC(2026, 2, 1, 12) + shift)
      })
    )
  })

  it('cut what is finer than a millisecond', () => {
    expect(parseTime('2026-01-01T00:00:00.1239Z')).toBe(Date.UTC(2026, 0, 1) + 123)
    expect(parseTime('2026-01-01T00:00:00.5Z')).toBe(Date.UTC(2026, 0, 1) + 500)
  })

  it.each([
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '1969-12-31T23:59:59Z',
    '1767225600000',
    'now'
  ])('%s is refused', (text) => expect(parseTime(text)).toBeUndefined())
})
