import type { PartitionProgress } from '../../../src/job/job-progress.ts'
import type { JobSnapshot } from '../../../src/job/job-types.ts'
import { NOTHING_PAUSED } from '../../../src/model/pauses.ts'
import { NO_SECONDS } from '../../../src/telemetry/metrics/limit-clock.ts'

/** A snapshot of a running job; totals are the sums of its partitions. */
export function snapshotOf(changes: Partial<JobSnapshot> = {}): JobSnapshot {
  const partitions = changes.partitions ?? []
  const sum = (key: 'records' | 'bytes' | 'altered' | 'deadLettered' | 'skipped'): number =>
    partitions.reduce((total, partition) => total + partition[key], 0)
  return {
    name: 'dr',
    state: 'RUNNING',
    seconds: 10,
    totals: {
      records: sum('records'),
      bytes: sum('bytes'),
      altered: sum('altered'),
      deadLettered: sum('deadLettered'),
      skipped: sum('skipped')
    },
    partitions,
    workers: [{ pid: 1, rssBytes: 200, inFlightBytes: 30, inFlightLimit: 100 }],
    restarts: 0,
    rate: {},
    pauses: NOTHING_PAUSED,
    stuck: [],
    limits: { recent: NO_SECONDS, all: NO_SECONDS },
    replicationLatency: { recent: undefined, all: undefined },
    pipelineLatency: { recent: undefined, all: undefined },
    ...changes
  }
}

export function progressOf(partition: number, changes: Partial<PartitionProgress> = {}): PartitionProgress {
  return {
    topic: 'orders',
    partition,
    target: 'dr.orders',
    state: 'copying',
    from: 0,
    to: 0,
    committed: 0,
    position: 0,
    readRecords: 0,
    readBytes: 0,
    records: 0,
    bytes: 0,
    altered: 0,
    deadLettered: 0,
    skipped: 0,
    ...changes
  }
}
