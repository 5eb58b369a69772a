import { expect, it } from 'vitest'
import type { JobFigures, JobLifecycleState, JobListItem } from '../../../src/api/contract.ts'
import { jobsSentence } from '../../../web/jobs/jobs-sentence.ts'

const job = (state: JobLifecycleState, lagRecords: number | null): JobListItem =>
  ({ state, figures: lagRecords === null ? null : ({ lagRecords } as JobFigures) }) as JobListItem

it('what needs somebody comes first', () => {
  expect(jobsSentence([job('RUNNING', 1_200_000), job('STOPPED', null), job('FAILED', 5)])).toBe(
    '3 jobs: 1 failed, 1 running, 1 stopped; 1.2\u202fM records behind in all.'
  )
  expect(jobsSentence([job('RUNNING', 1)])).toBe('1 job: 1 running; 1 record behind in all.')
  expect(jobsSentence([job('COMPLETED', 0)])).toBe('1 job: 1 completed; nothing is behind.')
})
