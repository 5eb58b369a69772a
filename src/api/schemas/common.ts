import * as z from 'zod'
import type { ConfigProblem, LogLevel, Page, Place, Problem, Reason, TopicPartition } from '../contract.ts'
import { named, typed } from './typed.ts'

/** Milliseconds since 1970. */
export const time = z.int().min(0).max(8.64e15)
export const count = z.int().min(0)
export const offset = z.int().min(0)
export const partitionNumber = z.int().min(0).max(2_147_483_647)
export const topicName = z.string().regex(/^[A-Za-z0-9._-]{1,249}$/)

/** Of jobs, connections, channels: also the name of a directory or file. */
export const objectName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
  .describe('Up to 100 letters, digits, dots, underscores and dashes; begins with a letter or digit.')

export const logLevel: z.ZodType<LogLevel> = z.enum(['error', 'warn', 'info', 'debug'])

const place = typed<Place>()(
  'Place',
  z.object({
    cluster: z.enum(['source', 'target']).exactOptional(),
    topic: z.string().exactOptional(),
    partition: z.int().exactOptional(),
    offset: z.int().exactOptional(),
    broker: z.string().exactOptional(),
    option: z.string().exactOptional(),
    file: z.string().exactOptional()
  })
)

export const reason = typed<Reason>()(
  'Reason',
  z.object({ code: z.string(), message: z.string(), next: z.string().nullable(), place: place.exactOptional() })
)

export const configProblem = typed<ConfigProblem>()(
  'ConfigProblem',
  z.object({ where: z.string(), option: z.string(), message: z.string(), next: z.string().exactOptional() })
)

export const problem = typed<Problem>()(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    next: z.string().nullable(),
    place: place.exactOptional(),
    problems: z.array(configProblem).readonly().exactOptional()
  })
)

export const topicPartition = typed<TopicPartition>()(
  'TopicPartition',
  z.object({ topic: z.string(), partition: partitionNumber })
)

export function page<T>(id: string, item: z.ZodType<T>): z.ZodType<Page<T>> {
  const schema = z.object({
    items: z.array(item).readonly(),
    total: count.nullable(),
    nextCursor: z.string().nullable()
  })
  named.add(schema, { id })
  return schema
}

export function list<T>(id: string, item: z.ZodType<T>): z.ZodType<readonly T[]> {
  const schema = z.array(item).readonly()
  named.add(schema, { id })
  return schema
}

export const pageQuery = {
  cursor: z.string().min(1).max(500).exactOptional().describe('`nextCursor` of the page before.'),
  limit: z.int().min(1).max(1000).exactOptional().describe('Most items of this page; 100 if nothing is said.')
}

export const search = z.string().max(200).exactOptional().describe('Items that contain this, whatever the case.')
