import * as z from 'zod'
import type { History, HistorySeries, JobEventView, LogLine, NotCopied, PartitionRow, TopicRow } from '../contract.ts'
import { count, list, logLevel, offset, page, partitionNumber, reason, time } from './common.ts'
import { typed } from './typed.ts'

const amount = z.number().min(0)

export const partitionState = z.enum(['starting', 'copying', 'paused', 'stopped', 'done', 'stuck'])

export const partitionRow = typed<PartitionRow>()(
  'PartitionRow',
  z.object({
    topic: z.string(),
    partition: partitionNumber,
    target: z.string(),
    state: partitionState,
    from: offset.nullable(),
    to: offset.nullable(),
    end: offset.nullable(),
    lag: count.nullable(),
    records: count,
    recordsPerSecond: amount,
    bytesPerSecond: amount,
    reason: reason.nullable()
  })
)
export const partitionPage = page('PartitionRowPage', partitionRow)

/** By which partitions are sorted; a dash in front = from the largest down. */
export const partitionSort = z
  .string()
  .regex(/^-?(?:topic|target|state|from|to|end|lag|records|recordsPerSecond|bytesPerSecond)$/)

const topicRow = typed<TopicRow>()(
  'TopicRow',
  z.object({
    topic: z.string(),
    target: z.string(),
    partitions: count,
    stopped: count,
    paused: count,
    lag: count.nullable(),
    records: count,
    recordsPerSecond: amount
  })
)
export const topicPage = page('TopicRowPage', topicRow)

const column = z.array(z.number().nullable())
const SERIES = [
  'recordsIn',
  'recordsOut',
  'bytesIn',
  'bytesOut',
  'lagRecords',
  'latencyP50',
  'latencyP99',
  'inFlightBytes',
  'memoryBytes'
] as const satisfies readonly HistorySeries[]

export const history = typed<History>()(
  'History',
  z.object({
    stepSeconds: amount,
    at: z.array(time),
    series: z.object(
      Object.fromEntries(SERIES.map((name) => [name, column])) as Record<(typeof SERIES)[number], typeof column>
    ),
    markers: z.array(z.object({ at: time, kind: z.enum(['restart', 'rebalance', 'alarm', 'state']), text: z.string() }))
  })
)

export const jobEvent = typed<JobEventView>()(
  'JobEvent',
  z.object({ id: z.int(), at: time, level: logLevel, type: z.string(), text: z.string() })
)
export const jobEventPage = page('JobEventPage', jobEvent)

export const logLine = typed<LogLine>()(
  'LogLine',
  z.object({
    id: z.int(),
    at: time,
    level: logLevel,
    message: z.string(),
    attributes: z.record(z.string(), z.unknown())
  })
)
export const logLineList = list('LogLineList', logLine)

const notCopied = typed<NotCopied>()(
  'NotCopied',
  z.object({
    at: time,
    topic: z.string(),
    partition: partitionNumber,
    offset,
    count,
    target: z.string(),
    code: z.string(),
    reason: z.string(),
    policy: z.enum(['dead-letter', 'skip', 'altered']),
    deadLetter: z.string().nullable()
  })
)
export const notCopiedPage = page('NotCopiedPage', notCopied)
