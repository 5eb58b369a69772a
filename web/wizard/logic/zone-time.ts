export type Zone = 'local' | 'utc'

export interface ZonedTime {
  readonly at: number
  /** RFC 3339, with the zone in which it was entered. */
  readonly text: string
  /** The clock was put forward over what was entered: there is no such time, `at` is after the gap. */
  readonly isInGap: boolean
}

const pad = (value: number): string => String(value).padStart(2, '0')

/** Reads what `<input type="datetime-local">` gives. undefined = no complete time. */
export function readZoned(entered: string, zone: Zone): ZonedTime | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(entered)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0))
  const parts = [
    year ?? 0,
    (month ?? 1) - 1,
    day ?? 1,
    hour ?? 0,
    minute ?? 0,
    Number.isNaN(second) ? 0 : (second ?? 0)
  ]
  const [y, mo, d, h, mi, s] = parts as [number, number, number, number, number, number]
  const at = zone === 'utc' ? Date.UTC(y, mo, d, h, mi, s) : new Date(y, mo, d, h, mi, s).getTime()
  if (Number.isNaN(at) || at < 0) return undefined
  const isInGap = zone === 'local' && new Date(at).getHours() !== h
  return { at, text: zonedText(at, zone), isInGap }
}

/** `2026-01-31T13:00:00+01:00`, or with Z. */
export function zonedText(at: number, zone: Zone): string {
  return `${zonedInput(at, zone)}${zone === 'utc' || new Date(at).getTimezoneOffset() === 0 ? 'Z' : offsetText(at)}`
}

/** For `<input type="datetime-local" step="1">`. */
export function zonedInput(at: number, zone: Zone): string {
  const time = new Date(zone === 'utc' ? at : at - new Date(at).getTimezoneOffset() * 60_000)
  return time.toISOString().slice(0, 19)
}

/** Milliseconds of an RFC 3339 time with zone; undefined = it is none. */
export function readRfc3339(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const at = Date.parse(text.replace(' ', 'T').toUpperCase())
  return Number.isNaN(at) ? undefined : at
}

/** The zone of the browser at that time, as people know it: "Europe/Berlin (UTC+02:00)". */
export function zoneName(at: number): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return `${timeZone || 'this browser'} (UTC${offsetText(at)})`
}

function offsetText(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset()
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${pad(hours)}:${pad(rest)}`
}
