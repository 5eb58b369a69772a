import { Observable } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import type { CommitResult } from '../client/types.ts'
import type { Batch } from '../model/batch.ts'
import { deliveredEnd, type Settlement } from '../model/settlement.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { SpanMark } from './offset-tracker.ts'

export interface CommitOptions {
  readonly intervalMs: number
  /** A commit failed, as a whole or for these partitions; it is tried again after the interval. */
  readonly onCommitFailed: (error: unknown, results: readonly CommitResult[]) => void
}

interface Settled {
  readonly batch: Batch
  readonly result: Settlement
}

/**
 * Moves the checkpoints by what is settled and commits them every `intervalMs` for as long as somebody is subscribed.
 * A batch that failed moves them up to its first undelivered record. What comes in goes out unchanged. The last commit
 * is the caller's.
 */
export function commitCheckpoints<T extends Settled>(
  checkpoints: Checkpoints,
  options: CommitOptions
): MonoTypeOperatorFunction<T> {
  return (settled) =>
    new Observable((subscriber) => {
      let running = false
      const commit = async () => {
        if (running) return
        running = true
        try {
          const failed = await checkpoints.commit()
          if (failed.length > 0) options.onCommitFailed(undefined, failed)
        } catch (error) {
          options.onCommitFailed(error, [])
        } finally {
          running = false
        }
      }
      const timer = setInterval(() => void commit(), options.intervalMs)
      const subscription = settled.subscribe({
        next: (item) => {
          const { batch, result } = item
          checkpoints.settle(batch.source, batch.from, result.failure?.offset ?? batch.to, markOf(batch, result))
          subscriber.next(item)
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete()
      })
      return () => {
        clearInterval(timer)
        subscription.unsubscribe()
      }
    })
}

function markOf({ leaderEpoch, targetPartition }: Batch, result: Settlement): SpanMark {
  const end = deliveredEnd(result)
  if (end === undefined || targetPartition === undefined) return { leaderEpoch }
  return { leaderEpoch, target: { partition: targetPartition, end } }
}
