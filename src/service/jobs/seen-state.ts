import type { PartitionRow, Reason } from '../../api/contract.ts'
import type { JobSnapshot } from '../../job/job-types.ts'
import type { LifecycleEvent } from './job-lifecycle.ts'

export interface Seen {
  readonly event: LifecycleEvent
  readonly reason: Reason | null
}

/** What a running job is seen to be; undefined = nothing new: it starts, or it ends. */
export function seenState({ state }: Pick<JobSnapshot, 'state'>, rows: readonly PartitionRow[]): Seen | undefined {
  if (state === 'PAUSED') return { event: 'paused', reason: null }
  if (state !== 'RUNNING') return undefined
  const stopped = rows.filter((row) => row.state === 'stopped')
  return stopped.length === 0
    ? { event: 'running', reason: null }
    : { event: 'degraded', reason: degradedBecause(stopped, rows) }
}

/** The first of the reasons, with how many partitions it is about. */
function degradedBecause(stopped: readonly PartitionRow[], rows: readonly PartitionRow[]): Reason {
  const first = stopped[0]
  const reason = first?.reason
  const count = `${stopped.length} of ${rows.length} partitions ${stopped.length === 1 ? 'has' : 'have'} stopped`
  const why =
    first === undefined ? '' : `${first.topic}-${first.partition}: ${reason?.message ?? 'its reason is not known'}`
  return {
    code: reason?.code ?? 'MR_SERVICE_DEGRADED',
    message: `${count}. ${why}`,
    next: reason?.next ?? 'Look at the partitions; restart the job when the cause is gone.',
    ...(first !== undefined && { place: { topic: first.topic, partition: first.partition } })
  }
}
