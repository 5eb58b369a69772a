import type { JobState } from '../../model/job-state.ts'
import type { Pauses, PauseTarget } from '../../model/pauses.ts'
import type { Rate } from '../../model/rate.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { LimitSeconds } from '../../telemetry/metrics/limit-clock.ts'

/** null = unlimited; absent = as it is. */
export interface RateChange {
  readonly bytes?: number | null
  readonly records?: number | null
}

/** A partition as `status` shows it. */
export interface ControlledPartition extends TopicPartition {
  readonly target: string
  readonly state: string
  /** Everything below is delivered. */
  readonly to: number
  /** null = not known yet. */
  readonly end: number | null
  readonly lag: number | null
  readonly paused: boolean
  /** Why it makes no progress although there is lag. */
  readonly stuck: {
    readonly code: string
    readonly message: string
    readonly next: string
    readonly seconds: number
  } | null
}

/** The document that `control NAME status -o json` prints. */
export interface JobStatus {
  readonly name: string
  readonly state: JobState
  readonly pid: number
  /** Since the workers were started. */
  readonly seconds: number
  readonly records: number
  readonly bytes: number
  /** A second; null = unlimited. */
  readonly rate: { readonly bytes: number | null; readonly records: number | null }
  readonly paused: Pauses
  /** null = not known yet. */
  readonly lag: number | null
  /** What the workers' time was spent on in the last ten seconds, in seconds of all of them together. */
  readonly limits: LimitSeconds
  readonly partitions: readonly ControlledPartition[]
}

/**
 * What can be asked of a job while it runs, whoever asks. Each call is done when it returns: workers that start later
 * are told, too. Nothing of it outlives the process.
 *
 * Throws MR_CONTROL_TOPIC for a topic or partition that the job does not have.
 */
export interface JobControl {
  status(): JobStatus
  /** Returns the rate that holds from now on; without a change, the one that holds. */
  changeRate(change: RateChange): Rate
  pause(target: PauseTarget): Pauses
  /** Ends the pause of the target and of everything in it; what surrounds it stays paused. */
  resume(target: PauseTarget): Pauses
}
