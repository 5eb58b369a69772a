export const RANGES = {
  '5m': { label: '5 m', ms: 5 * 60_000 },
  '1h': { label: '1 h', ms: 60 * 60_000 },
  '24h': { label: '24 h', ms: 24 * 60 * 60_000 }
} as const

export type RangeName = keyof typeof RANGES

/** What the address says; if it says nothing, as much as a job that has just started has to show. */
export function asRange(text: string, startedAt: number | null, now = Date.now()): RangeName {
  if (Object.hasOwn(RANGES, text)) return text as RangeName
  return startedAt !== null && now - startedAt < RANGES['5m'].ms ? '5m' : '1h'
}
