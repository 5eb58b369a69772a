import type { JobLifecycleState, Reason } from '../../api/contract.ts'
import type { ErrorReport } from '../../job/worker/worker-messages.ts'
import type { JobEnd } from '../process/job-messages.ts'
import { reasonOfReport } from '../reason-of.ts'
import { countedFailovers, type FailoverLimit, restartDelay } from './failover-policy.ts'

/** How long another process may take to let go of the state directory: it drains. */
const LETTING_GO_MS = 180_000
const ASK_AGAIN_MS = 1000

export interface EndedProcess {
  /** When it ended, in ms since 1970. */
  readonly now: number
  readonly state: JobLifecycleState
  /** What it said of its end; undefined = nothing: it crashed, or was killed. */
  readonly end: JobEnd | undefined
  /** In words, of one that said nothing. */
  readonly why: string
  /** The service ended it because it took too long to stop. */
  readonly killed: boolean
  readonly failovers: readonly number[]
  readonly limit: FailoverLimit
  /** Since when the state directory is somebody else's; undefined = it was not, the last time. */
  readonly occupiedSince: number | undefined
}

export type EndedHow =
  | { readonly event: 'completed' | 'stopped'; readonly reason: null; readonly failovers?: undefined }
  | {
      readonly event: 'failed' | 'authentication-refused'
      readonly reason: Reason
      readonly failovers?: readonly number[]
    }
  | {
      readonly event: 'restarting'
      readonly reason: Reason
      readonly delayMs: number
      readonly failovers: readonly number[]
      readonly occupiedSince: number | undefined
    }

/** Kinds of errors that may be gone the next time. */
const PASSING = new Set<ErrorReport['kind']>(['retry', 'client', 'internal', 'partition'])

/** What becomes of a job whose process has ended. Refused credentials are never tried again by itself. */
export function endedHow(ended: EndedProcess): EndedHow {
  const { end, state, killed } = ended
  if (end?.state === 'COMPLETED') return { event: 'completed', reason: null }
  if (state === 'STOPPING' && (end?.state === 'STOPPED' || killed)) return { event: 'stopped', reason: null }
  const report = reportOf(ended)
  if (end?.state === 'AUTH_FAILED') return { event: 'authentication-refused', reason: reasonOfReport(report) }
  if (state === 'STOPPING') return { event: 'failed', reason: reasonOfReport(report) }
  if (report.code === 'MR_JOB_RUNNING') return occupied(ended, report)
  return PASSING.has(report.kind) ? failedOver(ended, report) : { event: 'failed', reason: reasonOfReport(report) }
}

function failedOver({ failovers, limit, now }: EndedProcess, report: ErrorReport): EndedHow {
  const counted = [...countedFailovers(failovers, limit, now), now]
  const delayMs = restartDelay(counted, limit, now)
  if (delayMs === undefined) return { event: 'failed', reason: tooOften(report, limit), failovers: counted }
  return { event: 'restarting', reason: reasonOfReport(report), delayMs, failovers: counted, occupiedSince: undefined }
}

/** The process before, of a service that was killed, is still draining. That is no failure. */
function occupied({ occupiedSince, now, failovers }: EndedProcess, report: ErrorReport): EndedHow {
  const since = occupiedSince ?? now
  if (now - since > LETTING_GO_MS) return { event: 'failed', reason: reasonOfReport(report) }
  return { event: 'restarting', reason: reasonOfReport(report), delayMs: ASK_AGAIN_MS, failovers, occupiedSince: since }
}

function reportOf({ end, why, state }: EndedProcess): ErrorReport {
  if (end?.error !== undefined && end.error !== null) return end.error
  const message =
    end === undefined ? `The process of the job ended by itself: ${why}` : 'The job ended, and nobody had stopped it.'
  return {
    code: 'MR_SERVICE_JOB_CRASHED',
    kind: 'retry',
    message,
    next:
      state === 'STOPPING'
        ? 'It was to stop, so it is not started again by itself. A start goes on from its commits.'
        : 'It is started again by itself. If it lasts, look at the log of the job and at the memory of the machine.',
    place: {}
  }
}

function tooOften({ message, next, place, code }: ErrorReport, { most, windowMinutes }: FailoverLimit): Reason {
  return reasonOfReport({
    code: 'MR_SERVICE_FAILOVER_LIMIT',
    message: `The job ended more than ${most} times in ${windowMinutes} minutes, so it is not started again by itself. The last time (${code}): ${message}`,
    next: next ?? 'Start it again when the cause is gone.',
    place
  })
}
