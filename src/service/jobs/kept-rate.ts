import type { Rate } from '../../model/rate.ts'

/** A rate that was said: null = unlimited. */
export interface KeptRate {
  readonly bytes: number | null
  readonly records: number | null
}

export function keptRate({ bytes, records }: Rate): KeptRate {
  return { bytes: bytes ?? null, records: records ?? null }
}
