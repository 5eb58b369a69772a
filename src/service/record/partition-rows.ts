import type { PartitionRow, Reason, TopicRow } from '../../api/contract.ts'
import type { PartitionProgress } from '../../job/job-progress.ts'
import type { JobSnapshot } from '../../job/job-types.ts'
import { lagOf } from '../../job/lag-of.ts'
import { pauseTest } from '../../model/pauses.ts'
import { partitionName } from '../../model/topic-partition.ts'
import type { TimedSnapshot } from './snapshot-window.ts'

/** A row for each partition, in the order of the snapshot; rates are those between the two snapshots, of one run. */
export function partitionRows(base: TimedSnapshot | undefined, newest: TimedSnapshot): readonly PartitionRow[] {
  const { snapshot } = newest
  const isPaused = pauseTest(snapshot.pauses)
  const stuck = new Map(snapshot.stuck.map((one) => [partitionName(one), one.reason]))
  const before = baseOf(base?.snapshot.partitions ?? [])
  const seconds = base === undefined ? 0 : (newest.at - base.at) / 1000
  return snapshot.partitions.map((partition, index) => {
    const { topic, target, from, to, end, records, bytes, reason } = partition
    const stuckReason = stuck.size === 0 ? undefined : stuck.get(partitionName(partition))
    const earlier = before(partition, index)
    const rate = (was: number | undefined, is: number): number =>
      seconds <= 0 || was === undefined ? 0 : Math.max(0, is - was) / seconds
    const why = reason ?? (partition.state === 'copying' ? stuckReason : undefined)
    return {
      topic,
      partition: partition.partition,
      target,
      state: stateOf(partition, snapshot.state, isPaused(partition), stuckReason !== undefined),
      from,
      to,
      end: end ?? null,
      lag: lagOf(partition) ?? null,
      records,
      recordsPerSecond: rate(earlier?.records, records),
      bytesPerSecond: rate(earlier?.bytes, bytes),
      reason: why === undefined ? null : reasonOf(why)
    }
  })
}

/** How many partitions there are, and of how many somebody should know. */
export function countPartitions(rows: readonly Pick<PartitionRow, 'state'>[]): {
  readonly total: number
  readonly stopped: number
  readonly paused: number
  readonly stuck: number
} {
  const counts = { total: rows.length, stopped: 0, paused: 0, stuck: 0 }
  for (const { state } of rows) if (state === 'stopped' || state === 'paused' || state === 'stuck') counts[state]++
  return counts
}

/** A row for each topic, in the order of their first partitions. */
export function topicRows(partitions: readonly PartitionRow[]): readonly TopicRow[] {
  const topics = new Map<string, { -readonly [K in keyof TopicRow]: TopicRow[K] }>()
  for (const { topic, target, state, lag, records, recordsPerSecond } of partitions) {
    let row = topics.get(topic)
    if (row === undefined) {
      row = { topic, target, partitions: 0, stopped: 0, paused: 0, lag: null, records: 0, recordsPerSecond: 0 }
      topics.set(topic, row)
    }
    row.partitions++
    if (state === 'stopped') row.stopped++
    if (state === 'paused') row.paused++
    if (lag !== null) row.lag = (row.lag ?? 0) + lag
    row.records += records
    row.recordsPerSecond += recordsPerSecond
  }
  return [...topics.values()]
}

function stateOf(
  { state }: PartitionProgress,
  job: JobSnapshot['state'],
  isPaused: boolean,
  isStuck: boolean
): PartitionRow['state'] {
  switch (state) {
    case 'completed':
      return 'done'
    case 'stopped':
    case 'deleted':
      return 'stopped'
    case 'revoked':
      // On its way to another worker.
      return 'starting'
    case 'copying':
      if (isPaused) return 'paused'
      if (isStuck) return 'stuck'
      return job === 'STARTING' ? 'starting' : 'copying'
  }
}

function reasonOf({
  code,
  message,
  next,
  place
}: {
  readonly code: string
  readonly message: string
  readonly next: string
  readonly place?: Reason['place']
}): Reason {
  return { code, message, next, ...(place !== undefined && Object.keys(place).length > 0 && { place }) }
}

/**
 * The same partition in the earlier snapshot. Both are sorted and seldom differ, so the same index is tried first; names
 * are only made when partitions have come or gone.
 */
function baseOf(before: readonly PartitionProgress[]) {
  let byName: ReadonlyMap<string, PartitionProgress> | undefined
  return (partition: PartitionProgress, index: number): PartitionProgress | undefined => {
    const same = before[index]
    if (same !== undefined && same.partition === partition.partition && same.topic === partition.topic) return same
    byName ??= new Map(before.map((one) => [partitionName(one), one]))
    return byName.get(partitionName(partition))
  }
}
