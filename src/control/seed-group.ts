import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterAdmin } from '../client/types.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { partitionName, type PartitionOffset } from '../model/topic-partition.ts'
import type { Plan } from './plan-types.ts'

export interface SeedGroupOptions {
  /**
   * How long another supervisor of the same job may take to commit its own starts, and how long the members of an
   * earlier run may stay (session.timeout.ms is 10 s).
   */
  readonly timeoutMs?: number
  readonly pollMs?: number
}

export interface SeededGroup {
  /** The group has members already: the offsets are theirs, not the plan's. */
  readonly joined: boolean
  /** Where each planned partition begins now. Missing: it has no commit and begins at its first record. */
  readonly starts: readonly PartitionOffset[]
}

/**
 * Commits the planned starts before the first record is produced. A start that is only known to a process is lost with
 * it, and `latest` would then be a later one.
 *
 * Commits that appeared since the plan was made win, unless the job was reset: they are another supervisor's progress.
 * Rejects with MR_GROUP_IN_USE when the group has members that can't be of this job.
 */
export async function seedGroup(
  admin: ClusterAdmin,
  plan: Pick<Plan, 'source' | 'progress' | 'topics'>,
  { timeoutMs = 15_000, pollMs = 500 }: SeedGroupOptions = {}
): Promise<SeededGroup> {
  const { groupId } = plan.source
  const planned = plan.topics.flatMap(({ source, partitions }) =>
    partitions.map(({ partition, start }): PartitionOffset => ({ topic: source, partition, offset: start }))
  )
  const lossAccepted = new Set(
    plan.topics.flatMap(({ source, partitions }) =>
      partitions
        .filter(({ committed, start }) => committed !== undefined && committed !== start)
        .map(({ partition }) => partitionName({ topic: source, partition }))
    )
  )
  const commits = async (): Promise<ReadonlyMap<string, PartitionOffset>> =>
    planned.length === 0 ? new Map() : await admin.committedOffsets(groupId, planned)
  const deadline = Date.now() + timeoutMs
  for (let joined = false; ; joined = true) {
    const inForce = await commits()
    const wanted = planned.filter((of) => {
      const name = partitionName(of)
      return plan.progress === 'reset' || lossAccepted.has(name) || !inForce.has(name)
    })
    if (wanted.length === 0) return { joined, starts: startsOf(planned, inForce) }
    try {
      await admin.commitOffsets(groupId, wanted)
      return { joined: false, starts: startsOf(planned, await commits()) }
    } catch (error) {
      if (!isInUse(error)) throw error
      // A group that goes on reads new partitions from their first record anyhow: nothing to wait for.
      if (plan.progress === 'resume') return { joined: true, starts: startsOf(planned, await commits()) }
      if (Date.now() >= deadline) throw inUse(groupId, plan.progress, error)
    }
    // Static members of a run that has ended commit nothing more, and are gone when their session has timed out.
    await sleep(pollMs)
  }
}

function isInUse(error: unknown): error is MillraceError {
  return error instanceof MillraceError && error.code === 'MR_GROUP_IN_USE'
}

function startsOf(
  planned: readonly PartitionOffset[],
  commits: ReadonlyMap<string, PartitionOffset>
): readonly PartitionOffset[] {
  return planned.flatMap(({ topic, partition }) => {
    const offset = commits.get(partitionName({ topic, partition }))?.offset
    return offset === undefined ? [] : [{ topic, partition, offset }]
  })
}

function inUse(groupId: string, progress: 'fresh' | 'reset', cause: MillraceError): MillraceError {
  const what =
    progress === 'reset' ? 'so its offsets can’t be reset' : 'but no committed offsets for all topics of this job'
  return new MillraceError({
    code: 'MR_GROUP_IN_USE',
    kind: 'refused',
    message: `Consumer group ${groupId} has members, ${what}.`,
    next: 'Stop the other consumers of the group, or choose another source.groupId.',
    place: { cluster: 'source', option: 'source.groupId' },
    cause
  })
}
