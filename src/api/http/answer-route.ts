import type { ServicePort } from '../../service/service-port.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import type { Asked, Route } from '../route.ts'
import type { Gatekeeper } from '../security/gatekeeper.ts'
import type { Principal } from '../security/principal.ts'
import type { RequestLimits } from '../security/request-limits.ts'
import { preconditionFailed } from './api-errors.ts'
import { requestChecker } from './check-request.ts'
import { type EditCondition, entityTag, readPrecondition } from './read-precondition.ts'

export interface AnswerParts {
  readonly service: ServicePort
  readonly gatekeeper: Gatekeeper
  readonly limits: RequestLimits
  readonly bodyBytes: number
  readonly addressOf: (request: Request) => string
}

type AnyAsked = Asked<never, never, never>
const NOBODY: Principal = { name: '', role: 'read', session: undefined }

/** What happens to a request of a route: who, how much, is it right, what state of it, then the service. */
export function answerRoute(
  route: Route,
  { service, gatekeeper, limits, bodyBytes, addressOf }: AnswerParts
): (request: Request, params: Readonly<Record<string, string>>) => Promise<Response> {
  const check = requestChecker(route)
  return async (request, params) => {
    const address = addressOf(request)
    const identified = route.role === 'nobody' ? undefined : gatekeeper.identify(request.headers, address)
    const leave = limits.enter(identified?.name ?? `at ${address}`, 'running')
    try {
      const principal = route.role === 'nobody' ? NOBODY : gatekeeper.admit(identified, route.role, request)
      const asked: Omit<AnyAsked, 'on'> = {
        service,
        principal,
        actor: { who: principal.name },
        request,
        ...((await check(request, params, bodyBytes)) as { params: never; query: never; body: never })
      }
      const on = await conditionOf(route, request, { ...asked, on: {} })
      const answer = await handleOn(route, { ...asked, on: preconditionOf(on) }, on)
      if (answer instanceof Response) return answer
      if (answer === undefined || route.answer === undefined) return new Response(null, { status: 204 })
      return Response.json(answer, { status: on.isNew ? 201 : 200, headers: tagOf(answer) })
    } finally {
      leave()
    }
  }
}

async function conditionOf(route: Route, request: Request, asked: AnyAsked): Promise<EditCondition> {
  const { edit, revision } = route
  if (edit === undefined || revision === undefined) return { isNew: false }
  const what = Object.entries(asked.params as Record<string, string>).map(([kind, name]) => `${kind} ${name}`)
  return await readPrecondition(request.headers, edit, what.join(' '), () => revision(asked))
}

function preconditionOf({ isNew: _isNew, ...on }: EditCondition): AnyAsked['on'] {
  return on
}

/** The state may have changed since it was looked at: that is the precondition again, and no conflict with the job. */
async function handleOn(route: Route, asked: AnyAsked, on: EditCondition): Promise<unknown> {
  try {
    return await route.handle(asked)
  } catch (error) {
    const isConflict = error instanceof MillraceError && error.code === 'MR_SERVICE_CONFLICT'
    if (!isConflict || route.revision === undefined) throw error
    if (on.ifRevision === undefined && on.ifNew !== true) throw error
    const now = await route.revision(asked).catch(() => undefined)
    if (on.ifNew === true ? now === undefined : now === on.ifRevision) throw error
    throw preconditionFailed(error.message)
  }
}

/** What has a revision has it as its entity tag. */
function tagOf(answer: unknown): Record<string, string> {
  if (typeof answer !== 'object' || answer === null || !('revision' in answer)) return {}
  return typeof answer.revision === 'number' ? { ETag: entityTag(answer.revision) } : {}
}
