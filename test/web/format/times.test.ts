import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  formatClock,
  formatTime,
  formatUtc,
  fromLocalInput,
  toLocalInput,
  zoneName,
  zoneOf
} from '../../../web/format/times.ts'

const SUMMER = Date.UTC(2026, 6, 1, 12, 5, 9, 250)
const WINTER = Date.UTC(2026, 0, 1, 12, 5, 9, 250)

describe('times in Berlin', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })
  const inZone = (zone: string) => vi.stubEnv('TZ', zone)

  it('show the zone as it was at that time', () => {
    inZone('Europe/Berlin')
    expect(formatTime(SUMMER)).toBe('2026-07-01 14:05:09')
    expect(zoneOf(SUMMER)).toBe('UTC+02:00')
    expect(zoneOf(WINTER)).toBe('UTC+01:00')
    expect(zoneName(WINTER)).toBe('UTC+01:00, Europe/Berlin')
    expect(formatUtc(SUMMER)).toBe('2026-07-01 12:05:09.250 UTC')
  })

  it('a zone behind UTC and one of half hours', () => {
    inZone('America/St_Johns')
    expect(zoneOf(WINTER)).toBe('UTC−03:30')
    inZone('UTC')
    expect(zoneOf(WINTER)).toBe('UTC')
  })

  it('only what is not of today has a date', () => {
    inZone('Europe/Berlin')
    expect(formatClock(SUMMER, SUMMER + 1000)).toBe('14:05:09')
    expect(formatClock(SUMMER, SUMMER + 86_400_000)).toBe('2026-07-01 14:05:09')
  })

  it('what the time picker shows is what it gives back', () => {
    inZone('Europe/Berlin')
    expect(fromLocalInput(toLocalInput(SUMMER))).toBe(Math.floor(SUMMER / 1000) * 1000)
    expect(fromLocalInput('')).toBeNull()
    expect(fromLocalInput('2026-13-01T00:00')).toBeNull()
  })
})
