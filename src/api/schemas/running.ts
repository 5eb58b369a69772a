import * as z from 'zod'
import type {
  CheckView,
  JsonMap,
  LiveChange,
  MappingRow,
  PauseRequest,
  PlanFinding,
  PlanView,
  StartPreview,
  StartRequest,
  Validation
} from '../contract.ts'
import { configProblem, count, logLevel, offset, partitionNumber, time, topicName } from './common.ts'
import { connectionTest } from './connections.ts'
import { clusterView } from './jobs.ts'
import { typed } from './typed.ts'

/** Whatever somebody wrote. */
const anyMap = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonMap>

export const validation = typed<Validation>()(
  'Validation',
  z.object({ ok: z.boolean(), problems: z.array(configProblem), given: anyMap.nullable() })
)

const planFinding = typed<PlanFinding>()(
  'PlanFinding',
  z.object({
    code: z.string(),
    message: z.string(),
    next: z.string(),
    topic: z.string().exactOptional(),
    partition: z.int().exactOptional()
  })
)

const mappingRow = typed<MappingRow>()(
  'MappingRow',
  z.object({
    source: z.string(),
    target: z.string(),
    sourcePartitions: count,
    targetPartitionsNow: count,
    targetPartitions: count,
    action: z.enum(['none', 'create', 'grow']),
    orderKept: z.boolean(),
    shared: z.boolean(),
    records: count,
    overridden: z.boolean()
  })
)

const progress = z.enum(['fresh', 'resume', 'reset'])

export const planView = typed<PlanView>()(
  'PlanView',
  z.object({
    at: time,
    ok: z.boolean(),
    progress,
    policy: z.enum(['same', 'zero', 'sticky']),
    mapping: z.array(mappingRow),
    excluded: z.array(z.string()),
    records: count,
    deadLetterTopic: z.string().nullable(),
    memory: z.record(z.string(), z.number()),
    refusals: z.array(planFinding),
    warnings: z.array(planFinding),
    source: clusterView,
    target: clusterView
  })
)

export const checkView = typed<CheckView>()(
  'CheckView',
  z.object({ ok: z.boolean(), source: connectionTest, target: connectionTest })
)

export const startRequest = typed<StartRequest>()(
  'StartRequest',
  z.strictObject({
    from: z.enum(['configured', 'committed', 'earliest', 'latest', 'timestamp', 'offsets']).exactOptional(),
    time: time.exactOptional(),
    offsets: z.record(topicName, z.record(z.string().regex(/^\d{1,9}$/), offset)).exactOptional(),
    confirm: z.string().max(100).exactOptional()
  })
)

export const startPreview = typed<StartPreview>()(
  'StartPreview',
  z.object({
    progress,
    resets: z.boolean(),
    records: count,
    again: count,
    skipped: count.nullable(),
    sentence: z.string(),
    refusals: z.array(planFinding),
    warnings: z.array(planFinding)
  })
)

const limit = z.int().min(1).nullable().exactOptional()

export const liveChange = typed<LiveChange>()(
  'LiveChange',
  z.strictObject({
    rate: z.strictObject({ bytes: limit, records: limit }).exactOptional(),
    logLevel: logLevel.exactOptional()
  })
)

export const pauseRequest = typed<PauseRequest>()(
  'PauseRequest',
  z.strictObject({ topic: topicName.exactOptional(), partition: partitionNumber.exactOptional() })
)

export const stopRequest = typed<{ readonly now?: boolean }>()(
  'StopRequest',
  z.strictObject({
    now: z.boolean().exactOptional().describe('Without draining: what is in flight may be copied again.')
  })
)
