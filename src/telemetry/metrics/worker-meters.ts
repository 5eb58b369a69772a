import { BatchMeter } from './batch-meter.ts'
import { CommitMeter } from './commit-meter.ts'
import { LimitClock } from './limit-clock.ts'
import { ThreadLoad } from './thread-load.ts'
import type { WorkerMetrics } from './worker-metrics.ts'

/** Looking at the threads costs some 25 small reads. */
const SETTLE_INTERVAL_MS = 1000
/** A thread that had to do for this share of an interval was the limit in it. */
const BUSY_SHARE = 0.85

/** What one worker measures, always: it costs a few additions a batch. */
export class WorkerMeters {
  readonly batches = new BatchMeter()
  readonly commits = new CommitMeter()
  readonly limits = new LimitClock(performance.now())
  readonly #load = new ThreadLoad()

  /** @param uncommitted whether something was delivered and is not committed */
  read(uncommitted: boolean): Omit<WorkerMetrics, 'brokers'> {
    if (this.#load.age >= SETTLE_INTERVAL_MS) this.limits.settle(this.#load.read() >= BUSY_SHARE)
    return {
      ...this.batches.read(),
      commits: this.commits.read(),
      limited: this.limits.seconds(),
      checkpointAge: this.commits.age(uncommitted)
    }
  }
}
