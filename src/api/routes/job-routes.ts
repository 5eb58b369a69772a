import { objectName, pageQuery, search } from '../schemas/common.ts'
import { job, jobInput, jobLifecycleState, jobPage } from '../schemas/jobs.ts'
import { liveChange, planView, validation } from '../schemas/running.ts'
import { type Route, route } from '../route.ts'
import * as z from 'zod'

export const jobParam = { job: objectName }
const states = z.array(jobLifecycleState).max(11).exactOptional()

/** Keeping jobs: list, look, change, delete, and what can be asked of a configuration that is not stored. */
export const jobRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/jobs',
    role: 'read',
    tag: 'Jobs',
    summary: 'The jobs, by name',
    query: { ...pageQuery, search, states: states.describe('Only those in one of these states.') },
    answer: jobPage,
    handle: ({ service, query }) => service.jobs.list(query)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}',
    role: 'read',
    tag: 'Jobs',
    summary: 'A job: configuration, state, figures',
    description: 'The entity tag is the revision of the configuration, for If-Match.',
    params: jobParam,
    answer: job,
    handle: ({ service, params }) => service.jobs.get(params.job)
  }),
  route({
    method: 'put',
    path: '/jobs/{job}',
    role: 'admin',
    tag: 'Jobs',
    summary: 'Make a job, or change its configuration',
    description:
      'The same configuration again changes nothing. A draft may be incomplete. While the job runs, what can not ' +
      'change under it takes effect when it is started again: `restartNeeded` says what.',
    edit: 'replace',
    params: jobParam,
    body: jobInput,
    answer: job,
    revision: async ({ service, params }) => (await service.jobs.get(params.job)).revision,
    handle: ({ service, params, body, on, actor }) => service.jobs.put(params.job, body, on, actor)
  }),
  route({
    method: 'delete',
    path: '/jobs/{job}',
    role: 'admin',
    tag: 'Jobs',
    summary: 'Delete a job that does not run, with all that is kept of it',
    edit: 'remove',
    params: jobParam,
    revision: async ({ service, params }) => (await service.jobs.get(params.job)).revision,
    handle: ({ service, params, on, actor }) => service.jobs.delete(params.job, on, actor)
  }),
  route({
    method: 'patch',
    path: '/jobs/{job}',
    role: 'operate',
    tag: 'Jobs',
    summary: 'Change the rate or the log level while it runs',
    params: jobParam,
    body: liveChange,
    answer: job,
    handle: ({ service, params, body, actor }) => service.jobs.changeLive(params.job, body, actor)
  }),
  route({
    method: 'post',
    path: '/job-validations',
    role: 'operate',
    tag: 'Jobs',
    summary: 'What is wrong with a configuration; nothing is stored',
    body: jobInput,
    answer: validation,
    handle: ({ service, body }) => service.jobs.validate(body)
  }),
  route({
    method: 'post',
    path: '/job-previews',
    role: 'admin',
    tag: 'Jobs',
    summary: 'The plan of a configuration that is not stored; touches nothing',
    body: jobInput,
    answer: planView,
    handle: ({ service, body }) => service.jobs.preview(body)
  })
]
