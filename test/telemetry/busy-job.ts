import type { JobReading, PartitionReading } from '../../src/telemetry/metrics/job-reading.ts'
import { NO_SECONDS } from '../../src/telemetry/metrics/limit-clock.ts'
import { batchesOf, workerMetricsOf } from './worker-metrics-of.ts'

const delay = { p50: 0.001, p99: 0.01, max: 0.1 }
/** Partition `number` of the topic orders. */
export const busyPartition = (number: number, changes: Partial<PartitionReading> = {}): PartitionReading => ({
  topic: 'orders',
  partition: number,
  state: 'copying',
  readRecords: 1100,
  readBytes: 110_000,
  deliveredRecords: 1000,
  deliveredBytes: 100_000,
  altered: 1,
  deadLettered: 2,
  skipped: 3,
  lag: 50,
  lagChange: -2.5,
  ...changes
})
/** A job of which everything can be told that there is to tell. */
export const busyJob = (changes: Partial<JobReading> = {}): JobReading => ({
  job: 'orders-to-dr',
  state: 'RUNNING',
  startTime: 1_800_000_000,
  memoryLimit: 512 * 1024 * 1024,
  partitions: [busyPartition(0), busyPartition(1, { deliveredRecords: 7, lag: undefined, lagChange: undefined })],
  planned: [],
  workers: [
    { index: 0, ready: true, rssBytes: 1, inFlightBytes: 2, inFlightLimit: 3, checkpointAge: 4, eventLoopDelay: delay }
  ],
  supervisor: { rssBytes: 5, eventLoopDelay: delay },
  counts: workerMetricsOf({
    ...batchesOf(3),
    undelivered: { MSG_SIZE_TOO_LARGE: 2 },
    commits: { succeeded: 4, failed: 1 },
    limited: { ...NO_SECONDS, target: 12.5 }
  }),
  brokers: [
    {
      cluster: 'source',
      broker: 1,
      roundTrip: { average: 0.001, p99: 0.02 },
      throttle: { average: 0, max: 0.3 },
      retries: 6,
      connects: 1,
      disconnects: 0
    }
  ],
  restarts: 1,
  stuck: { MR_STUCK_TARGET: 2 },
  events: (counter) => {
    if (counter === 'rebalances') return [{ labels: { type: 'assigned' }, value: 2 }]
    if (counter === 'topics') return [{ labels: { change: 'created' }, value: 1 }]
    if (counter === 'partitions_stopped') return [{ labels: { code: 'MR_LOSS' }, value: 1 }]
    if (counter === 'losses') return [{ labels: { code: 'MR_LOSS', outcome: 'stopped' }, value: 1 }]
    if (counter === 'lost_offsets') return [{ labels: { code: 'MR_LOSS' }, value: 7 }]
    if (counter === 'producers_remade') return [{ labels: {}, value: 1 }]
    return [{ labels: { code: '_TRANSPORT', cluster: 'target' }, value: 3 }]
  },
  ...changes
})
