import type { Checkpoints } from '../checkpoint/checkpoints.ts'
import type { CommitResult } from '../client/types.ts'
import { describeError } from '../model/millrace-error.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { MirrorEvent } from '../telemetry/events.ts'

export interface LastCommitOptions {
  readonly timeoutMs: number
  readonly onEvent: (event: MirrorEvent) => void
  /** Only these; all when absent. */
  readonly partitions?: readonly TopicPartition[]
}

/**
 * Commits what is settled of partitions that are about to be let go. A commit that fails, or is not answered in time,
 * keeps nothing from being closed: it is told, and what it leaves is told as what may repeat.
 */
export async function commitLast(checkpoints: Checkpoints, options: LastCommitOptions): Promise<void> {
  const { timeoutMs, onEvent, partitions } = options
  try {
    const failed = await withDeadline(checkpoints.commit(partitions), timeoutMs)
    if (failed === undefined) onEvent({ type: 'commit-failed', message: 'the last commit was not answered in time' })
    else if (failed.length > 0) onEvent({ type: 'commit-failed', message: describeFailedCommits(failed) })
  } catch (error) {
    onEvent({ type: 'commit-failed', message: describeError(error) })
  }
}

export function describeFailedCommits(results: readonly CommitResult[]): string {
  return results.map(({ topic, partition, offset, name }) => `${topic}-${partition}@${offset}: ${name}`).join(', ')
}

async function withDeadline<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs)
  })
  try {
    return await Promise.race([promise, deadline])
  } finally {
    clearTimeout(timer)
  }
}
