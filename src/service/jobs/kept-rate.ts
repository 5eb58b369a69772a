import type { JobConfig } from '../../config/job-config.ts'

/** A rate that was said: null = unlimited. */
export interface KeptRate {
  readonly bytes: number | null
  readonly records: number | null
}

export function keptRate({ bytes, records }: Partial<KeptRate>): KeptRate {
  return { bytes: bytes ?? null, records: records ?? null }
}

/** What was changed while it ran, else what its configuration says, if it is complete. */
export function rateOf(changed: KeptRate | null, config: JobConfig | undefined): KeptRate {
  return keptRate(changed ?? config?.limits.rate ?? {})
}

export function isSameRate(one: KeptRate, other: KeptRate): boolean {
  return one.bytes === other.bytes && one.records === other.records
}
