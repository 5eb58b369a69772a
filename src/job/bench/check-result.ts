import { MillraceError } from '../../model/millrace-error.ts'
import { findingError } from '../finding-error.ts'
import type { JobResult } from '../job-types.ts'

/** A job that did not do what it was made for is the failure of the benchmark. */
export function checkResult({ summary, error, refusals, stopped }: JobResult): void {
  if (error !== undefined) throw error
  const [refusal] = refusals
  if (refusal !== undefined) throw findingError(refusal)
  const reason = stopped[0]?.reason
  if (reason !== undefined) throw new MillraceError({ ...reason, kind: 'partition' })
  if (summary.state !== 'FAILED' && summary.state !== 'AUTH_FAILED') return
  throw new MillraceError({
    code: 'MR_BENCH_INCOMPLETE',
    kind: 'client',
    message: `The mirror of the benchmark ended as ${summary.state} after ${summary.records} records.`,
    next: 'Look at the messages above.'
  })
}
