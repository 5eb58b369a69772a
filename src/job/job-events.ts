import type { MillraceError } from '../model/millrace-error.ts'
import type { MirrorEvent } from '../pipeline/types.ts'

/** `AUTH_FAILED`: a cluster refused the credentials; nothing is tried again by itself. */
export type JobState = 'STARTING' | 'RUNNING' | 'STOPPING' | 'COMPLETED' | 'STOPPED' | 'FAILED' | 'AUTH_FAILED'

/** What a job tells while it runs. */
export type JobEvent =
  | { readonly type: 'state'; readonly state: JobState }
  | { readonly type: 'worker-started'; readonly worker: number; readonly pid: number }
  | { readonly type: 'worker-crashed'; readonly worker: number; readonly why: string; readonly restartInMs: number }
  | { readonly type: 'worker-ended'; readonly worker: number }
  | { readonly type: 'mirror'; readonly worker: number; readonly event: MirrorEvent }
  | {
      readonly type: 'client-event'
      /** Undefined = the supervisor's own client. */
      readonly worker?: number
      readonly cluster: 'source' | 'target'
      readonly level: 'debug' | 'info' | 'warn' | 'error'
      readonly text: string
    }
  | { readonly type: 'topic-created' | 'topic-grown'; readonly topic: string; readonly partitions: number }
  | { readonly type: 'topic-found'; readonly topic: string; readonly target: string }
  | { readonly type: 'warning'; readonly error: MillraceError }
