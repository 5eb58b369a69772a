import { pauseTest } from '../../model/pauses.ts'
import { partitionName } from '../../model/topic-partition.ts'
import type { JobStatus } from './job-control.ts'
import type { JobSnapshot } from '../job-types.ts'
import { lagOf } from '../lag-of.ts'

/** What `control NAME status` shows of a job. */
export function jobStatus(snapshot: JobSnapshot): JobStatus {
  const { name, state, seconds, totals, rate, pauses, limits } = snapshot
  const isPaused = pauseTest(pauses)
  const stuck = new Map(snapshot.stuck.map((one) => [partitionName(one), one]))
  const partitions = snapshot.partitions.map((partition) => {
    const why = stuck.get(partitionName(partition))
    return {
      topic: partition.topic,
      partition: partition.partition,
      target: partition.target,
      state: partition.state,
      to: partition.to,
      end: partition.end ?? null,
      lag: lagOf(partition) ?? null,
      paused: isPaused(partition),
      stuck: why === undefined ? null : { ...why.reason, seconds: Math.round(why.seconds) }
    }
  })
  const lags = partitions.map(({ lag }) => lag).filter((lag) => lag !== null)
  return {
    name,
    state,
    pid: process.pid,
    seconds: Math.round(seconds * 1000) / 1000,
    records: totals.records,
    bytes: totals.bytes,
    rate: { bytes: rate.bytes ?? null, records: rate.records ?? null },
    paused: pauses,
    lag: lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0),
    limits: limits.recent,
    partitions
  }
}
