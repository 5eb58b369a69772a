import * as z from 'zod'
import type {
  ClusterView,
  Job,
  JobAction,
  JobFigures,
  JobInput,
  JobLifecycleState,
  JobListItem,
  Rates,
  Revision,
  RevisionView
} from '../contract.ts'
import { count, list, logLevel, page, reason, time, topicPartition } from './common.ts'
import { typed } from './typed.ts'

const amount = z.number().min(0)

export const jobLifecycleState = typed<JobLifecycleState>()(
  'JobLifecycleState',
  z.enum([
    'DRAFT',
    'SUBMITTED',
    'STARTING',
    'RUNNING',
    'PAUSED',
    'DEGRADED',
    'STOPPING',
    'STOPPED',
    'COMPLETED',
    'FAILED',
    'AUTH_FAILED'
  ])
)

const jobAction = typed<JobAction>()(
  'JobAction',
  z.enum(['edit', 'submit', 'start', 'pause', 'resume', 'stop', 'reset-position', 'retry-authentication', 'delete'])
)

const rates = typed<Rates>()(
  'Rates',
  z.object({ recordsIn: amount, recordsOut: amount, bytesIn: amount, bytesOut: amount })
)

const jobFigures = typed<JobFigures>()(
  'JobFigures',
  z.object({
    records: count,
    bytes: count,
    rates,
    lagRecords: count.nullable(),
    lagSeconds: amount.nullable(),
    replicationLatencyMs: z.object({ p50: amount, p99: amount }).nullable(),
    inFlightBytes: count,
    inFlightLimit: count,
    limiting: z.enum(['source', 'mirror', 'target', 'rate limit', 'nothing']),
    limitShares: z.object({ source: amount, mirror: amount, target: amount, rate: amount }),
    notCopied: z.object({ deadLettered: count, skipped: count, altered: count, losses: count }),
    memoryBytes: count,
    memoryLimit: count,
    workerRestarts: count
  })
)

const listItem = {
  name: z.string(),
  state: jobLifecycleState,
  reason: reason.nullable(),
  source: z.string(),
  target: z.string(),
  figures: jobFigures.nullable(),
  sparkline: z.array(z.number().nullable()),
  topics: count,
  partitions: z.object({ total: count, stopped: count, paused: count, stuck: count }),
  alarms: z.object({ critical: count, warning: count }),
  changedAt: time
}

export const jobListItem = typed<JobListItem>()('JobListItem', z.object(listItem))
export const jobPage = page('JobListItemPage', jobListItem)

export const clusterView = typed<ClusterView>()(
  'ClusterView',
  z.object({
    clusterId: z.string(),
    brokers: count,
    connection: z.string().nullable(),
    bootstrapServers: z.string()
  })
)

export const job = typed<Job>()(
  'Job',
  z.object({
    ...listItem,
    revision: z.int(),
    runningRevision: z.int().nullable(),
    restartNeeded: z.array(z.string()),
    config: z.string(),
    sentence: z.string(),
    actions: z.array(jobAction),
    createdAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    groupId: z.string(),
    paused: z.object({ job: z.boolean(), topics: z.array(z.string()), partitions: z.array(topicPartition) }),
    rateLimit: z.object({ bytes: amount.nullable(), records: amount.nullable() }),
    logLevel,
    sourceCluster: clusterView.nullable(),
    targetCluster: clusterView.nullable(),
    failovers: z.object({ count, most: count, windowMinutes: amount }),
    isRestartPending: z.boolean()
  })
)

/** A configuration names thousands of topics at most. */
const MOST_CONFIG = 500_000

export const jobInput = typed<JobInput>()(
  'JobInput',
  z.strictObject({
    config: z.string().max(MOST_CONFIG).describe('The configuration as YAML, as `millrace run` takes it.'),
    note: z.string().max(2000).exactOptional().describe('Why it was changed.')
  })
)

const revisionFields = { revision: z.int(), at: time, who: z.string(), note: z.string() }
const revision = typed<Revision>()('Revision', z.object(revisionFields))
export const revisionList = list('RevisionList', revision)
export const revisionView = typed<RevisionView>()(
  'RevisionView',
  z.object({ ...revisionFields, config: z.string(), diff: z.string() })
)
