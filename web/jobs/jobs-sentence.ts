import type { JobListItem, JobLifecycleState } from '../../src/api/contract.ts'
import { formatCount } from '../format/numbers.ts'
import { plural } from '../format/plural.ts'
import { STATE_WORDS } from '../format/state-words.ts'

/** What needs somebody comes first. */
const ORDER: readonly JobLifecycleState[] = [
  'AUTH_FAILED',
  'FAILED',
  'DEGRADED',
  'STARTING',
  'STOPPING',
  'RUNNING',
  'PAUSED',
  'SUBMITTED',
  'DRAFT',
  'STOPPED',
  'COMPLETED'
]

/** "6 jobs: 1 failed, 4 running, 1 stopped; 1.2 M records behind in all." */
export function jobsSentence(jobs: readonly JobListItem[]): string {
  const counts = ORDER.map((state) => ({ state, count: jobs.filter((job) => job.state === state).length }))
  const states = counts
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${String(count)} ${STATE_WORDS[state].word.toLowerCase()}`)
  const lag = jobs.reduce((sum, job) => sum + (job.figures?.lagRecords ?? 0), 0)
  const behind = lag > 0 ? `${formatCount(lag)} ${lag === 1 ? 'record' : 'records'} behind in all` : 'nothing is behind'
  return `${plural(jobs.length, 'job')}: ${states.join(', ')}; ${behind}.`
}
