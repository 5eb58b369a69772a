import type { JobResult } from '../job/job-types.ts'
import { MillraceError } from '../model/millrace-error.ts'
import type { StopSignal } from './command-context.ts'

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  different: 3,
  refused: 4
} as const

export const SIGNAL_EXIT: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 }

/** A cluster could not be reached as it must be, which is what preflight finds out. */
const PREFLIGHT_CODES: ReadonlySet<string> = new Set([
  'MR_DNS_FAILED',
  'MR_TCP_FAILED',
  'MR_TLS_FAILED',
  'MR_PROTOCOL_FAILED',
  'MR_METADATA_FAILED',
  'MR_CONNECT_FAILED'
])

/** The exit code for an error that kept a command from starting. */
export function exitCodeOfError(error: unknown): number {
  if (!(error instanceof MillraceError)) return EXIT.failed
  if (PREFLIGHT_CODES.has(error.code) || error.kind === 'refused') return EXIT.refused
  return error.kind === 'configuration' ? EXIT.usage : EXIT.failed
}

/** For commands that only look: refused credentials are one more thing that preflight found. */
export function exitCodeOfLook(error: unknown): number {
  return error instanceof MillraceError && error.kind === 'authentication' ? EXIT.refused : exitCodeOfError(error)
}

/** @param signal the first signal that asked the job to stop */
export function exitCodeOfJob({ summary, error, refusals }: JobResult, signal: StopSignal | undefined): number {
  if (refusals.length > 0) return EXIT.refused
  switch (summary.state) {
    case 'COMPLETED':
      return EXIT.done
    case 'STOPPED':
      return signal === undefined ? EXIT.done : SIGNAL_EXIT[signal]
    case 'AUTH_FAILED':
      return EXIT.failed
    default:
      // Once it copies, a cluster that goes away is a failure and no preflight.
      return error === undefined || summary.partitions.length > 0 ? EXIT.failed : exitCodeOfError(error)
  }
}
