import * as z from 'zod'
import type { StreamMessage } from '../contract.ts'
import { alarm } from './alarms.ts'
import { health } from './service.ts'
import { job, jobListItem } from './jobs.ts'
import { jobEvent, logLine, partitionRow } from './monitoring.ts'
import { typed } from './typed.ts'

/** What `data:` of an event has, as JSON. */
export const streamMessage = typed<StreamMessage>()(
  'StreamMessage',
  z.union([
    z.object({ type: z.literal('jobs'), jobs: z.array(jobListItem) }),
    z.object({ type: z.literal('job'), job }),
    z.object({ type: z.literal('partitions'), job: z.string(), partitions: z.array(partitionRow) }),
    z.object({ type: z.literal('event'), job: z.string(), event: jobEvent }),
    z.object({ type: z.literal('log'), job: z.string(), lines: z.array(logLine) }),
    z.object({ type: z.literal('alarm'), alarm }),
    z.object({ type: z.literal('health'), health }),
    z.object({ type: z.literal('reset') })
  ])
)
