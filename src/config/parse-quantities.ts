/*
 * Numbers with units, as people write them. Each function takes what was written and gives bytes, milliseconds or
 * milliseconds since 1970, or undefined when it can't be read.
 */

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40
}

const DURATION_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 }

/** `512MiB`, `1.5 GB`, `1048576`. Whole bytes. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text)
  const unit = SIZE_UNITS[(match?.[2] ?? '?').toLowerCase()]
  if (match === null || unit === undefined) return undefined
  const bytes = Math.round(Number(match[1]) * unit)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** `30s`, `1m30s`, `250ms`, `1.5h`; a bare number is milliseconds. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+$/.test(text)) return safe(Number(text))
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (DURATION_UNITS[unit ?? ''] ?? Number.NaN)
  }
  return safe(Math.round(total))
}

/** RFC 3339 with a zone: `2026-01-31T12:00:00Z`, `2026-01-31T12:00:00.5+02:00`. What is finer than 1 ms is cut. */
export function parseTime(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/.exec(
    text
  )
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match.map(Number) as [number, ...number[]]
  const local = new Date(Date.UTC(2000, 0))
  local.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day)
  local.setUTCHours(hour ?? 0, minute, second, Number((match[7] ?? '').slice(0, 3).padEnd(3, '0')))
  // Date rolls 30 February over to March; such a day is a mistake.
  const exact =
    local.getUTCMonth() + 1 === month && local.getUTCDate() === day && (hour ?? 99) < 24 && (minute ?? 99) < 60
  const zoneHours = Number(match[9] ?? 0)
  const zoneMinutes = Number(match[10] ?? 0)
  if (!exact || (second ?? 99) > 59 || zoneHours > 23 || zoneMinutes > 59) return undefined
  const time = local.getTime() - (match[8] === '-' ? -1 : 1) * (zoneHours * 60 + zoneMinutes) * 60e3
  return time >= 0 ? time : undefined
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined
}
