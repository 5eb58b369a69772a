import type { Pauses } from '../../model/pauses.ts'
import type { Rate } from '../../model/rate.ts'

/** How fast a job, or a worker of one, may copy, and what not at all. Plain JSON. */
export interface Flow {
  readonly rate: Rate
  readonly pauses: Pauses
}
