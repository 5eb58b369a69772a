export const RANGES = {
  '5m': { label: '5 m', ms: 5 * 60_000 },
  '1h': { label: '1 h', ms: 60 * 60_000 },
  '24h': { label: '24 h', ms: 24 * 60 * 60_000 }
} as const

export type RangeName = keyof typeof RANGES

export function asRange(text: string): RangeName {
  return text in RANGES ? (text as RangeName) : '1h'
}
