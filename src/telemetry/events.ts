import type { AuditEntry } from '../model/audit-entry.ts'
import type { JobState } from '../model/job-state.ts'
import type { Loss } from '../model/loss.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import type { ErrorPlace, MillraceError } from '../model/millrace-error.ts'
import type { PauseTarget } from '../model/pauses.ts'
import type { Rate } from '../model/rate.ts'
import type { StopReason } from '../model/stop-reason.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

/*
 * What happens in a job beside the copying itself, as data: plain JSON, but for errors, because workers send it to their
 * supervisor. Each event is rare. What it says and what it counts is in one table a group: `mirror-tellings.ts` and
 * `job-tellings.ts`.
 */

/** Something a mirror tells while it runs. */
export type MirrorEvent =
  | { readonly type: 'assigned'; readonly partitions: readonly TopicPartition[] }
  | { readonly type: 'revoked'; readonly partitions: readonly TopicPartition[] }
  | { readonly type: 'completed'; readonly partition: TopicPartition; readonly to: number }
  | {
      readonly type: 'partition-stopped'
      readonly partition: TopicPartition
      readonly reason: StopReason
      /** Of the batch that failed, if it was traced. */
      readonly traceId?: string
    }
  | { readonly type: 'may-repeat'; readonly ranges: readonly MayRepeat[] }
  | { readonly type: 'commit-failed'; readonly message: string }
  | { readonly type: 'producer-remade'; readonly message: string }
  | { readonly type: 'waiting'; readonly message: string }
  /** A record that the target refuses was dealt with. Told seldom: the audit trail has all. */
  | { readonly type: 'bad-record'; readonly entry: AuditEntry }
  | {
      /** A batch that was traced for what became of it. Who emits it sees to it that it stays rare. */
      readonly type: 'batch-traced'
      readonly why: 'slow' | 'failed'
      /** Of the source, as are the offsets: [from, to). */
      readonly partition: TopicPartition
      readonly from: number
      readonly to: number
      /** From fetched to delivered, or to failed. */
      readonly milliseconds: number
      readonly traceId: string
    }

/** Why partitions make no progress, and what to do. */
interface StuckText {
  readonly code: string
  readonly message: string
  readonly next: string
}

/** What a job tells while it runs. */
export type JobEvent =
  | {
      readonly type: 'state'
      readonly state: JobState
      /** Why it failed. */
      readonly error?: MillraceError
    }
  | { readonly type: 'worker-started'; readonly worker: number; readonly pid: number }
  | {
      readonly type: 'worker-crashed'
      readonly worker: number
      readonly why: string
      readonly restartInMs: number
      /** If it could still say what went wrong. */
      readonly code?: string
      readonly place?: ErrorPlace
    }
  | { readonly type: 'worker-ended'; readonly worker: number }
  | { readonly type: 'mirror'; readonly worker: number; readonly event: MirrorEvent }
  | {
      readonly type: 'client-event'
      /** Undefined = the supervisor's own client. */
      readonly worker?: number
      readonly cluster: 'source' | 'target'
      readonly level: 'debug' | 'info' | 'warn' | 'error'
      readonly text: string
      /** librdkafka's name of an error, such as `_TRANSPORT`; undefined = no error, only something it says. */
      readonly code?: string
    }
  | { readonly type: 'rate-changed'; readonly rate: Rate }
  | { readonly type: 'paused'; readonly target: PauseTarget }
  | { readonly type: 'resumed'; readonly target: PauseTarget }
  /** Partitions that have something to copy and make no progress, all for one reason. */
  | { readonly type: 'stuck'; readonly reason: StuckText; readonly partitions: readonly TopicPartition[] }
  | { readonly type: 'topic-created'; readonly topic: string; readonly partitions: number }
  | { readonly type: 'topic-grown'; readonly topic: string; readonly partitions: number }
  | { readonly type: 'topic-found'; readonly topic: string; readonly target: string }
  /** Metrics and health are served there. */
  | { readonly type: 'listening'; readonly url: string }
  /** Metrics or traces can't be sent, or not as the environment asks for it; nothing else suffers from it. */
  | { readonly type: 'export-problem'; readonly text: string }
  /** Records were lost: a partition stopped for it, or goes on. */
  | { readonly type: 'loss'; readonly loss: Loss }
  | { readonly type: 'warning'; readonly error: MillraceError }
  /** Plan or preflight says no: nothing is started. */
  | { readonly type: 'refused'; readonly error: MillraceError }
