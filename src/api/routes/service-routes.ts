import * as z from 'zod'
import type { ServiceSettings } from '../contract.ts'
import { logLevel, objectName, pageQuery } from '../schemas/common.ts'
import { auditPage, health, login, session, settings } from '../schemas/service.ts'
import { streamMessage } from '../schemas/stream.ts'
import type { Gatekeeper } from '../security/gatekeeper.ts'
import type { Principal } from '../security/principal.ts'
import type { Session } from '../contract.ts'
import { type Route, route } from '../route.ts'
import { type StreamParts, streamResponse } from '../stream/stream-response.ts'

const tag = 'Service'

export interface ServiceRouteParts {
  readonly gatekeeper: Gatekeeper
  readonly settings: () => ServiceSettings
  readonly document: () => unknown
  readonly addressOf: (request: Request) => string
  readonly stream: StreamParts
}

export function serviceRoutes({ gatekeeper, settings: read, document, addressOf, stream }: ServiceRouteParts): Route[] {
  return [
    route({
      method: 'get',
      path: '/health',
      role: 'read',
      tag,
      summary: 'Whether the service can do all it should',
      answer: health,
      handle: ({ service }) => service.health()
    }),
    route({
      method: 'post',
      path: '/session',
      role: 'nobody',
      tag,
      summary: 'Log in: a token for a cookie',
      description:
        'The console does it with what is behind # in its address. The cookie is HttpOnly and SameSite=Strict; requests ' +
        'that change something then need `csrfToken` in X-CSRF-Token.',
      body: login,
      answer: session,
      handle: ({ body, request }) => {
        const { setCookie, principal } = gatekeeper.login(body.token, addressOf(request))
        return Response.json(sessionOf(principal), { headers: { 'Set-Cookie': setCookie } })
      }
    }),
    route({
      method: 'get',
      path: '/session',
      role: 'read',
      tag,
      summary: 'Who one is, and what one may',
      description: '`csrfToken` is empty for requests that carry a token.',
      answer: session,
      handle: ({ principal }) => sessionOf(principal)
    }),
    route({
      method: 'delete',
      path: '/session',
      role: 'read',
      tag,
      summary: 'Log out',
      handle: ({ request }) =>
        new Response(null, { status: 204, headers: { 'Set-Cookie': gatekeeper.logout(request.headers) } })
    }),
    route({
      method: 'get',
      path: '/settings',
      role: 'read',
      tag,
      summary: 'How the service was started, and which tokens there are',
      answer: settings,
      handle: () => read()
    }),
    route({
      method: 'get',
      path: '/audit',
      role: 'read',
      tag,
      summary: 'Who did what, the newest first',
      query: { ...pageQuery, subject: z.string().max(200).exactOptional().describe('Such as `job orders-to-dr`.') },
      answer: auditPage,
      handle: ({ service, query }) => service.audit(query)
    }),
    route({
      method: 'get',
      path: '/stream',
      role: 'read',
      tag,
      summary: 'What changes, as server-sent events',
      description:
        '`event:` is the type of a StreamMessage, `data:` the message as JSON. After Last-Event-ID what was missed comes ' +
        'first, or `reset`: then read everything again. Comments keep the connection alive.',
      mediaType: 'text/event-stream',
      event: streamMessage,
      query: {
        jobs: z.boolean().exactOptional().describe('The list of jobs, every second in which something changed.'),
        job: objectName.exactOptional().describe('A job and its events.'),
        partitions: z.boolean().exactOptional().describe('Its partitions that changed.'),
        log: logLevel.exactOptional().describe('Its log, this level and what is more severe.'),
        lastEventId: z.string().max(200).exactOptional().describe('As Last-Event-ID, where no header can be sent.')
      },
      handle: async ({ service, query, principal, request }) =>
        await streamResponse(service, query, principal, request, stream)
    }),
    route({
      method: 'get',
      path: '/openapi.json',
      role: 'read',
      tag,
      summary: 'This document',
      answer: z.record(z.string(), z.unknown()),
      handle: () => document()
    })
  ]
}

function sessionOf({ name, role, session: cookie }: Principal): Session {
  return { principal: name, role, csrfToken: cookie?.csrfToken ?? '' }
}
