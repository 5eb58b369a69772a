import * as z from 'zod'
import { logLevel, pageQuery, search, time } from '../schemas/common.ts'
import { revisionList, revisionView } from '../schemas/jobs.ts'
import {
  history,
  jobEventPage,
  logLineList,
  notCopiedPage,
  partitionPage,
  partitionSort,
  partitionState,
  topicPage
} from '../schemas/monitoring.ts'
import { type Route, route } from '../route.ts'
import { jobParam } from './job-routes.ts'

const tag = 'Watching'
const id = z.int().min(0).exactOptional()
const revision = z.int().min(1)

/** What can be seen of a job. */
export const watchRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/jobs/{job}/topics',
    role: 'read',
    tag,
    summary: 'How far it is, by topic',
    params: jobParam,
    query: pageQuery,
    answer: topicPage,
    handle: ({ service, params, query }) => service.jobs.topics(params.job, query)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}/partitions',
    role: 'read',
    tag,
    summary: 'How far it is, by partition',
    params: jobParam,
    query: {
      ...pageQuery,
      search,
      sort: partitionSort.exactOptional().describe('A column; with a dash in front from the largest down.'),
      states: z.array(partitionState).max(6).exactOptional()
    },
    answer: partitionPage,
    handle: ({ service, params, query }) => service.jobs.partitions(params.job, query)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}/history',
    role: 'read',
    tag,
    summary: 'Its figures over time, in columns',
    params: jobParam,
    query: { from: time.exactOptional(), to: time.exactOptional() },
    answer: history,
    handle: ({ service, params, query }) => service.jobs.history(params.job, query)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}/events',
    role: 'read',
    tag,
    summary: 'What happened, the newest first',
    params: jobParam,
    query: pageQuery,
    answer: jobEventPage,
    handle: ({ service, params, query }) => service.jobs.events(params.job, query)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}/logs',
    role: 'read',
    tag,
    summary: 'Its log, the newest line last',
    description: '`before` and `after` are ids of lines. GET /stream?job=…&log=… tells what comes next.',
    params: jobParam,
    query: {
      search,
      level: logLevel.exactOptional().describe('This level and what is more severe.'),
      before: id,
      after: id,
      limit: pageQuery.limit
    },
    answer: logLineList,
    handle: ({ service, params, query }) => service.jobs.logs(params.job, query)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}/not-copied',
    role: 'read',
    tag,
    summary: 'Records that were not copied as they were, the newest first',
    params: jobParam,
    query: pageQuery,
    answer: notCopiedPage,
    handle: ({ service, params, query }) => service.jobs.notCopied(params.job, query)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}/revisions',
    role: 'read',
    tag,
    summary: 'The revisions of its configuration, the newest first',
    params: jobParam,
    answer: revisionList,
    handle: ({ service, params }) => service.jobs.revisions(params.job)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}/revisions/{revision}',
    role: 'read',
    tag,
    summary: 'A revision, and how it differs from another',
    params: { ...jobParam, revision },
    query: { against: revision.exactOptional().describe('The one before, if nothing is said.') },
    answer: revisionView,
    handle: ({ service, params, query }) => service.jobs.revision(params.job, params.revision, query.against)
  })
]
