import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRfc3339, readZoned, zonedInput, zonedText, zoneName } from '../../../../web/wizard/logic/zone-time.ts'

const before = process.env['TZ']
beforeAll(() => (process.env['TZ'] = 'Europe/Berlin'))
afterAll(() => {
  if (before === undefined) delete process.env['TZ']
  else process.env['TZ'] = before
})

describe('a time with its zone', () => {
  it('is what was entered, with the offset of that day', () => {
    expect(readZoned('2026-01-31T13:00', 'local')).toEqual({
      at: Date.UTC(2026, 0, 31, 12),
      text: '2026-01-31T13:00:00+01:00',
      isInGap: false
    })
    expect(readZoned('2026-07-31T13:00:05', 'local')?.text).toBe('2026-07-31T13:00:05+02:00')
    expect(readZoned('2026-07-31T13:00', 'utc')?.text).toBe('2026-07-31T13:00:00Z')
  })

  it('is said to be in a gap when the clock went over it', () => {
    const gap = readZoned('2026-03-29T02:30', 'local')
    expect(gap).toMatchObject({ isInGap: true, text: '2026-03-29T03:30:00+02:00' })
    expect(readZoned('2026-03-29T02:30', 'utc')?.isInGap).toBe(false)
  })

  it('takes the first of two when the clock goes back', () => {
    expect(readZoned('2026-10-25T02:30', 'local')?.text).toBe('2026-10-25T02:30:00+02:00')
  })

  it('goes back into the field', () => {
    const at = Date.UTC(2026, 6, 1, 10, 20, 30)
    expect(zonedInput(at, 'local')).toBe('2026-07-01T12:20:30')
    expect(zonedInput(at, 'utc')).toBe('2026-07-01T10:20:30')
    expect(readRfc3339(zonedText(at, 'local'))).toBe(at)
    expect(readRfc3339(zonedText(at, 'utc'))).toBe(at)
  })

  it.each(['', '2026-01-31', 'yesterday', '1960-01-01T00:00'])('is none for %j', (text) => {
    expect(readZoned(text, 'local')).toBeUndefined()
  })

  it.each(['2026-01-31T12:00:00', '2026-01-31', 'x'])('is no configuration time without zone: %j', (text) => {
    expect(readRfc3339(text)).toBeUndefined()
  })

  it('names the zone', () => expect(zoneName(Date.UTC(2026, 6, 1))).toBe('Europe/Berlin (UTC+02:00)'))
})
