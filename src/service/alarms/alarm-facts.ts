import type { Connection, JobFigures, JobLifecycleState, JobListItem } from '../../api/contract.ts'

/** What rules are held against, of one job at one moment. */
export interface AlarmFacts {
  readonly job: string
  readonly state: JobLifecycleState
  /** Null = not measured at this moment. */
  readonly figures: JobFigures | null
  /** In the last five minutes; null = not measured. */
  readonly badRecords: number | null
  /** Until the first client certificate of the job's connections expires; null = it has none. */
  readonly certificateDays: number | null
}

/** A job tells twice a second; what is older than this is not what is now. */
const FRESH_MS = 15_000
const DAY_MS = 86_400_000

export function alarmFacts(
  item: JobListItem,
  measured: { readonly at: number; readonly badRecords: number | null },
  connections: readonly Connection[],
  now: number
): AlarmFacts {
  const isFresh = now - measured.at <= FRESH_MS
  const expiries = connections
    .filter(({ usedBy }) => usedBy.some(({ job }) => job === item.name))
    .map(({ certificateExpiresAt }) => certificateExpiresAt)
    .filter((at) => at !== null)
  return {
    job: item.name,
    state: item.state,
    figures: isFresh ? item.figures : null,
    badRecords: isFresh ? measured.badRecords : null,
    certificateDays: expiries.length === 0 ? null : (Math.min(...expiries) - now) / DAY_MS
  }
}
