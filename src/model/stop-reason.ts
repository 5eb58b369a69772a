import type { ErrorPlace } from './millrace-error.ts'

/** Why a partition stopped by itself. */
export interface StopReason {
  readonly code: string
  readonly message: string
  readonly next: string
  readonly place: ErrorPlace
}
