import type { JobConfig } from '../../config/job-config.ts'

const FIRST_DELAY_MS = 1000
const MAX_DELAY_MS = 120_000

/** How often a job's process may end by itself, and be started again. */
export interface FailoverLimit {
  readonly most: number
  readonly windowMinutes: number
}

/** Of a configuration; of one that is not complete, that of none. */
export function failoverLimit(config: Pick<JobConfig, 'restarts'> | undefined): FailoverLimit {
  const { most, windowMs } = config?.restarts ?? UNCONFIGURED
  return { most, windowMinutes: windowMs / MINUTE_MS }
}

/** With the delays it takes about half an hour of nothing but failures to get there. */
const UNCONFIGURED: JobConfig['restarts'] = { most: 20, windowMs: 60 * 60 * 1000 }

const MINUTE_MS = 60_000

/** Those of the ends (ms since 1970) that still count. */
export function countedFailovers(ends: readonly number[], { windowMinutes }: FailoverLimit, now: number): number[] {
  return ends.filter((end) => now - end < windowMinutes * MINUTE_MS && end <= now)
}

/**
 * How long to wait before a process that ended by itself is started again; undefined = it did so too often. `ends` has
 * the last one, too.
 */
export function restartDelay(ends: readonly number[], limit: FailoverLimit, now: number): number | undefined {
  const counted = countedFailovers(ends, limit, now)
  if (counted.length > limit.most) return undefined
  return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(counted.length - 1, 20))
}
