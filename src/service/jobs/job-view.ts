import type { Alarm, Job, JobFigures, JobListItem, PartitionRow, PlanView } from '../../api/contract.ts'
import type { JobConfig } from '../../config/job-config.ts'
import type { Outline } from '../../config/outline.ts'
import { isPausing } from '../../model/pauses.ts'
import { countedFailovers, type FailoverLimit } from './failover-policy.ts'
import type { StoredJob } from './job-file.ts'
import { actionsIn, isStill } from './job-lifecycle.ts'
import { jobSentence } from './job-sentence.ts'
import { rateOf } from './kept-rate.ts'
import { countPartitions, topicRows } from '../record/partition-rows.ts'

export interface JobItemParts {
  readonly stored: StoredJob
  /** Of the newest configuration. */
  readonly outline: Outline
  readonly approved: PlanView | null
  readonly figures: JobFigures | null
  readonly rows: readonly PartitionRow[]
  readonly sparkline: readonly (number | null)[]
  readonly firing: readonly Alarm[]
}

interface JobParts extends JobItemParts {
  /** The newest configuration. */
  readonly text: string
  /** The same, if it is complete. */
  readonly config: JobConfig | undefined
  readonly restartNeeded: readonly string[]
  readonly restartAt: number | null
  readonly limit: FailoverLimit
  readonly now: number
}

export function jobListItem(parts: JobItemParts): JobListItem {
  const { stored, outline, approved, figures, rows, sparkline, firing } = parts
  const { source, target } = outline
  const planned = approved?.mapping ?? []
  return {
    name: stored.name,
    state: stored.state,
    reason: stored.reason,
    source,
    target,
    figures,
    sparkline,
    topics: rows.length > 0 ? topicRows(rows).length : planned.length,
    partitions:
      rows.length > 0
        ? countPartitions(rows)
        : {
            total: planned.reduce((sum, { sourcePartitions }) => sum + sourcePartitions, 0),
            stopped: 0,
            paused: 0,
            stuck: 0
          },
    alarms: {
      critical: firing.filter(({ severity }) => severity === 'critical').length,
      warning: firing.filter(({ severity }) => severity === 'warning').length
    },
    changedAt: stored.changedAt
  }
}

export function jobView(parts: JobParts): Job {
  const { stored, outline, text, config, approved, figures, rows, restartAt, limit, now } = parts
  const { state, reason, pauses } = stored
  return {
    ...jobListItem(parts),
    revision: stored.revision,
    runningRevision: stored.runningRevision,
    restartNeeded: isStill(state) ? [] : parts.restartNeeded,
    config: text,
    sentence: jobSentence({ state, reason, figures, rows, restartAt, now }),
    actions: actionsIn(state, isPausing(pauses)),
    createdAt: stored.createdAt,
    startedAt: stored.startedAt,
    endedAt: stored.endedAt,
    groupId: outline.groupId ?? stored.name,
    paused: pauses,
    rateLimit: rateOf(stored.rate, config),
    logLevel: stored.logLevel ?? config?.log.level ?? 'info',
    sourceCluster: approved?.source ?? null,
    targetCluster: approved?.target ?? null,
    failovers: {
      count: countedFailovers(stored.failovers, limit, now).length,
      most: limit.most,
      windowMinutes: limit.windowMinutes
    },
    isRestartPending: restartAt !== null
  }
}
