import { job } from '../schemas/jobs.ts'
import { checkView, pauseRequest, planView, startPreview, startRequest, stopRequest } from '../schemas/running.ts'
import { type Route, route } from '../route.ts'
import { jobParam } from './job-routes.ts'

const tag = 'Life cycle'

/** What is done with a job: each is refused with 409 when its state does not allow it. */
export const lifeCycleRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/jobs/{job}/plan',
    role: 'operate',
    tag,
    summary: 'What a start would do now; touches nothing',
    params: jobParam,
    answer: planView,
    handle: ({ service, params }) => service.jobs.plan(params.job)
  }),
  route({
    method: 'get',
    path: '/jobs/{job}/approved-plan',
    role: 'read',
    tag,
    summary: 'The plan that was approved when the job was submitted',
    params: jobParam,
    answer: planView,
    handle: ({ service, params }) => service.jobs.approved(params.job)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/check',
    role: 'operate',
    tag,
    summary: 'Whether both clusters can be reached, stage by stage',
    description: 'One attempt to authenticate at each cluster.',
    params: jobParam,
    answer: checkView,
    handle: ({ service, params }) => service.jobs.check(params.job)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/submit',
    role: 'operate',
    tag,
    summary: 'Validate, check and plan it; the mapping is approved with that',
    params: jobParam,
    answer: job,
    handle: ({ service, params, actor }) => service.jobs.submit(params.job, actor)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/start-preview',
    role: 'operate',
    tag,
    summary: 'What a start from there means, in records',
    params: jobParam,
    body: startRequest,
    bodyOptional: true,
    answer: startPreview,
    handle: ({ service, params, body }) => service.jobs.previewStart(params.job, body)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/start',
    role: 'operate',
    tag,
    summary: 'Start it',
    description:
      'Where the group has commits, anything but `committed` resets them: `confirm` has the name of the job.',
    params: jobParam,
    body: startRequest,
    bodyOptional: true,
    answer: job,
    handle: ({ service, params, body, actor }) => service.jobs.start(params.job, body, actor)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/pause',
    role: 'operate',
    tag,
    summary: 'Pause the job, a topic or a partition',
    params: jobParam,
    body: pauseRequest,
    bodyOptional: true,
    answer: job,
    handle: ({ service, params, body, actor }) => service.jobs.pause(params.job, body, actor)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/resume',
    role: 'operate',
    tag,
    summary: 'Go on with the job, a topic or a partition',
    params: jobParam,
    body: pauseRequest,
    bodyOptional: true,
    answer: job,
    handle: ({ service, params, body, actor }) => service.jobs.resume(params.job, body, actor)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/stop',
    role: 'operate',
    tag,
    summary: 'Stop it: what is in flight arrives, progress is committed',
    description: 'Comes back as soon as the job is STOPPING.',
    params: jobParam,
    body: stopRequest,
    bodyOptional: true,
    answer: job,
    handle: ({ service, params, body, actor }) => service.jobs.stop(params.job, body, actor)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/reset-position',
    role: 'operate',
    tag,
    summary: 'Where the next start begins; the commits of its group are replaced then',
    params: jobParam,
    body: startRequest,
    answer: job,
    handle: ({ service, params, body, actor }) => service.jobs.resetPosition(params.job, body, actor)
  }),
  route({
    method: 'post',
    path: '/jobs/{job}/retry-authentication',
    role: 'operate',
    tag,
    summary: 'Try credentials once more that a cluster has refused',
    params: jobParam,
    answer: job,
    handle: ({ service, params, actor }) => service.jobs.retryAuthentication(params.job, actor)
  })
]
