import type { RunnableJob } from '../../src/cli/job-api.ts'
import type { PartitionProgress } from '../../src/job/job-progress.ts'
import type { JobResult, JobSnapshot } from '../../src/job/job-types.ts'
import type { JobState } from '../../src/model/job-state.ts'
import { NOTHING_PAUSED } from '../../src/model/pauses.ts'
import { NO_SECONDS } from '../../src/telemetry/metrics/limit-clock.ts'

export function progressOf(partial: Partial<PartitionProgress> = {}): PartitionProgress {
  return {
    topic: 'orders',
    partition: 0,
    target: 'orders-copy',
    state: 'copying',
    from: 0,
    to: 100,
    committed: 90,
    position: 100,
    readRecords: 100,
    readBytes: 10_000,
    records: 100,
    bytes: 10_000,
    altered: 0,
    deadLettered: 0,
    skipped: 0,
    end: 150,
    ...partial
  }
}

export function snapshotOf(partial: Partial<JobSnapshot> = {}): JobSnapshot {
  return {
    name: 'orders-to-dr',
    state: 'RUNNING',
    seconds: 12,
    totals: { records: 1_234_567, bytes: 5 * 1024 * 1024, altered: 0, deadLettered: 0, skipped: 0 },
    partitions: [progressOf()],
    workers: [{ pid: 7, rssBytes: 100 * 1024 * 1024, inFlightBytes: 1024, inFlightLimit: 64 * 1024 * 1024 }],
    restarts: 0,
    rate: {},
    pauses: NOTHING_PAUSED,
    stuck: [],
    limits: { recent: { ...NO_SECONDS, target: 8, mirror: 1.5, source: 0.5 }, all: NO_SECONDS },
    replicationLatency: { recent: { p50Seconds: 0.2, p99Seconds: 1.26 }, all: undefined },
    pipelineLatency: { recent: undefined, all: undefined },
    ...partial
  }
}

export function resultOf(state: JobState, partial: Partial<JobResult> = {}): JobResult {
  return {
    summary: {
      name: 'orders-to-dr',
      state,
      records: 100,
      bytes: 10_000,
      seconds: 2,
      altered: 0,
      deadLettered: 0,
      skipped: 0,
      losses: [],
      partitions: [
        {
          topic: 'orders',
          partition: 0,
          state: 'completed',
          from: 0,
          to: 100,
          records: 100,
          target: { topic: 'orders-copy', partition: 0 }
        }
      ]
    },
    refusals: [],
    stopped: [],
    losses: [],
    mayRepeat: [],
    ...partial
  }
}

/** A job that runs until it is told how it ends. */
export class FakeJob implements RunnableJob {
  readonly calls: string[] = []
  end: (result: JobResult) => void = () => undefined
  readonly #onCall: (call: 'stop' | 'kill', job: FakeJob) => void

  constructor(onCall: (call: 'stop' | 'kill', job: FakeJob) => void = () => undefined) {
    this.#onCall = onCall
  }

  async run(): Promise<JobResult> {
    this.calls.push('run')
    return await new Promise((resolve) => {
      this.end = resolve
    })
  }

  stop(): void {
    this.calls.push('stop')
    this.#onCall('stop', this)
  }

  kill(): void {
    this.calls.push('kill')
    this.#onCall('kill', this)
  }

  snapshot(): JobSnapshot {
    return snapshotOf()
  }
}
