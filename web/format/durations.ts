const NARROW = '\u202f'
const SPACE = '\u00a0'

/** The two greatest units: "3 m 12 s", "2 d 4 h", "850 ms". null = not known. */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null || !Number.isFinite(milliseconds)) return '–'
  if (milliseconds < 1000) return `${String(Math.max(0, Math.round(milliseconds)))}${NARROW}ms`
  if (milliseconds < 10_000) return `${String(Math.round(milliseconds / 100) / 10)}${NARROW}s`
  const seconds = Math.round(milliseconds / 1000)
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's']
  ] as const
  const first = parts.findIndex(([value]) => value > 0)
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${String(value)}${NARROW}${unit}`)
    .join(SPACE)
}

/** One unit, for lists: "12 s ago", "3 h ago"; what is in the future by a skewed clock is "now". */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000)
  if (seconds < 5) return 'now'
  if (seconds < 60) return `${String(seconds)}${NARROW}s ago`
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))}${NARROW}m ago`
  if (seconds < 86_400) return `${String(Math.floor(seconds / 3600))}${NARROW}h ago`
  return `${String(Math.floor(seconds / 86_400))}${NARROW}d ago`
}
