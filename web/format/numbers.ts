/** Between groups of digits and before units: narrow, and no place to break a line. */
const THIN = '\u202f'
const UNKNOWN = '–'

const SI = ['', 'k', 'M', 'G', 'T', 'P'] as const
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** 4213118 → "4 213 118". */
export function formatExact(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN
  const [whole = '', fraction] = String(Math.abs(value) >= 1e21 ? Math.round(value) : value).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN)
  return fraction === undefined ? grouped : `${grouped}.${fraction.slice(0, 3)}`
}

/** Whole below 10 000, then with an SI prefix: "9 999", "12.3 k", "1.2 M". */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN
  if (Math.abs(value) < 10_000) return formatExact(Math.round(value))
  return prefixed(value, 1000, SI)
}

/** Records a second: below 10 with one decimal, so that a trickle does not look like nothing. */
export function formatRate(perSecond: number | null, unit = '/s'): string {
  if (perSecond === null || !Number.isFinite(perSecond)) return UNKNOWN
  const small = perSecond > 0 && perSecond < 10 && !Number.isInteger(perSecond)
  return `${small ? String(Math.max(0.1, round(perSecond, 1))) : formatCount(perSecond)}${unit}`
}

export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes)) return UNKNOWN
  return prefixed(bytes, 1024, BINARY)
}

export function formatBytesRate(perSecond: number | null): string {
  return perSecond === null || !Number.isFinite(perSecond) ? UNKNOWN : `${formatBytes(perSecond)}/s`
}

/** 0.834 → "83 %". */
export function formatShare(share: number | null): string {
  return share === null || !Number.isFinite(share) ? UNKNOWN : `${String(Math.round(share * 100))}${THIN}%`
}

function prefixed(value: number, base: number, units: readonly string[]): string {
  let scaled = value
  let step = 0
  // 999.95 would be written as 1000.
  while (Math.abs(scaled) >= base * 0.9995 && step < units.length - 1) {
    scaled /= base
    step++
  }
  const digits = step === 0 || Math.abs(scaled) >= 100 ? 0 : 1
  const unit = units[step] ?? ''
  return `${String(round(scaled, digits))}${unit === '' ? '' : THIN + unit}`
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}
