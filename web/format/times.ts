const pad = (value: number, digits = 2) => String(value).padStart(digits, '0')

/** "2026-03-01 14:05:09" in the zone of the browser. */
export function formatTime(at: number): string {
  const time = new Date(at)
  return `${formatDay(at)} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`
}

/** "14:05:09" of today, with the date when it was another day. */
export function formatClock(at: number, now: number): string {
  const full = formatTime(at)
  return full.slice(0, 10) === formatDay(now) ? full.slice(11) : full
}

function formatDay(at: number): string {
  const time = new Date(at)
  return `${pad(time.getFullYear(), 4)}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`
}

/** "2026-03-01 13:05:09.250 UTC". */
export function formatUtc(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC')
}

/** "UTC+01:00", as it is at that time: summer time counts. */
export function zoneOf(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  return `UTC${minutes < 0 ? '−' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`
}

/** What `<input type="datetime-local">` takes, in the zone of the browser. */
export function toLocalInput(at: number): string {
  return formatTime(at).replace(' ', 'T')
}

/** null = no complete time. */
export function fromLocalInput(text: string): number | null {
  const at = new Date(text).getTime()
  return text === '' || Number.isNaN(at) ? null : at
}

/** "UTC+01:00, Europe/Berlin": for where somebody chooses a time. */
export function zoneName(at: number): string {
  const offset = zoneOf(at)
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone
  return offset === name ? offset : `${offset}, ${name}`
}
