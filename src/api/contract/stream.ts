import type { Alarm } from './alarms.ts'
import type { Job, JobListItem } from './jobs.ts'
import type { JobEventView, LogLine, PartitionRow } from './monitoring.ts'
import type { Health } from './service.ts'

/**
 * What GET /stream sends, each with an id (`event:` is the type). `?jobs=1` sends `jobs`, every second in which something
 * changed; `?job=NAME` sends `job` and `event`, with `&partitions=1` also `partitions` (the rows that changed), with
 * `&log=LEVEL` also `log`. Alarms and trouble of the service come always. With Last-Event-ID the events, log lines and
 * alarms that were missed come first, or `reset` when they are no longer known: the page reads everything again.
 */
export type StreamMessage =
  | { readonly type: 'jobs'; readonly jobs: readonly JobListItem[] }
  | { readonly type: 'job'; readonly job: Job }
  | { readonly type: 'partitions'; readonly job: string; readonly partitions: readonly PartitionRow[] }
  | { readonly type: 'event'; readonly job: string; readonly event: JobEventView }
  | { readonly type: 'log'; readonly job: string; readonly lines: readonly LogLine[] }
  | { readonly type: 'alarm'; readonly alarm: Alarm }
  | { readonly type: 'health'; readonly health: Health }
  | { readonly type: 'reset' }
