import type { JobSnapshot } from '../job/job-types.ts'
import type { Rates } from './rate-window.ts'

/** What is shown of a running job. */
export interface JobView {
  readonly snapshot: JobSnapshot
  /** Over the last seconds. */
  readonly rates: Rates
}

/** Where a running job is shown and messages go. */
export interface JobScreen {
  /** A line of the log, with its line break. */
  print(line: string): void
  show(view: JobView): void
  close(): void
}
