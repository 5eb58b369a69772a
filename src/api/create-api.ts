import { type Context, Hono } from 'hono'
import type { ServicePort } from '../service/service-port.ts'
import type { ServiceSettings } from './contract.ts'
import { serveConsole } from './console/serve-console.ts'
import { methodNotAllowed, noSuchPath } from './http/api-errors.ts'
import { answerRoute } from './http/answer-route.ts'
import { problemResponse, toProblem } from './http/to-problem.ts'
import { makeDocument } from './openapi/make-document.ts'
import type { Method, Route } from './route.ts'
import { alarmRoutes } from './routes/alarm-routes.ts'
import { connectionRoutes } from './routes/connection-routes.ts'
import { jobRoutes } from './routes/job-routes.ts'
import { lifeCycleRoutes } from './routes/life-cycle-routes.ts'
import { serviceRoutes } from './routes/service-routes.ts'
import { watchRoutes } from './routes/watch-routes.ts'
import { AttemptLimit } from './security/attempt-limit.ts'
import { checkOrigin } from './security/check-origin.ts'
import type { EndedSessions } from './security/ended-sessions.ts'
import { Gatekeeper } from './security/gatekeeper.ts'
import type { LoginCodes } from './security/login-codes.ts'
import { DEFAULT_LIMITS, type Limits, RequestLimits } from './security/request-limits.ts'
import { addSecurityHeaders } from './security/security-headers.ts'
import { SessionCookies } from './security/session-cookies.ts'
import { type TokenStore, fingerprintOf } from './security/token-store.ts'

export interface ApiOptions {
  readonly tokens: TokenStore
  readonly codes: LoginCodes
  readonly ended: EndedSessions
  /** With which sessions are signed: 32 random bytes that stay the same over restarts. */
  readonly sessionKey: Uint8Array
  /** How the service was started. */
  readonly settings: () => Omit<ServiceSettings, 'tokens'>
  /** Names by which this service is known; `Host` must be one of them. */
  readonly hostNames: readonly string[]
  /** Any address is accepted as `Host`, too: it listens on more than loopback. */
  readonly acceptsAddresses: boolean
  /** Where vite has put the console. */
  readonly consoleRoot: string
  /** Of an error that nobody expected. */
  readonly onUnexpected: (error: unknown, request: string) => void
  readonly limits?: Partial<Limits>
  readonly heartbeatMs?: number
}

export interface Api {
  fetch(request: Request, environment?: object): Response | Promise<Response>
  readonly document: Readonly<Record<string, unknown>>
  /** Every path that is answered, as the router has it. */
  readonly paths: readonly string[]
  /** Ends the streams. */
  close(): void
}

/** Every 15 s, which is less than what proxies wait. */
const HEARTBEAT_MS = 15_000
const BASE = '/api/v1'

/** HTTP for a service: /api/v1, the console, /healthz. */
export function createApi(service: ServicePort, options: ApiOptions): Api {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits }
  const requestLimits = new RequestLimits(limits)
  const closing = new AbortController()
  const { tokens, codes } = options
  const cookies = new SessionCookies(options.sessionKey, tokens, options.ended, options.settings().tls)
  const gatekeeper = new Gatekeeper({ tokens, codes, cookies, attempts: new AttemptLimit() })
  const addresses = new WeakMap<Request, string>()
  const addressOf = (request: Request): string => addresses.get(request) ?? 'unknown'
  const routes: Route[] = [
    ...serviceRoutes({
      gatekeeper,
      settings: () => ({
        ...options.settings(),
        tokens: tokens
          .list()
          .map((token) => ({ name: token.name, role: token.role, fingerprint: fingerprintOf(token) }))
      }),
      document: () => document,
      addressOf,
      stream: {
        limits: requestLimits,
        closing: closing.signal,
        isStillIn: (request) => gatekeeper.identify(request.headers, addressOf(request)) !== undefined,
        heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS
      }
    }),
    ...connectionRoutes,
    ...jobRoutes,
    ...lifeCycleRoutes,
    ...watchRoutes,
    ...alarmRoutes
  ]
  const document = makeDocument(routes, options.settings().version)

  const app = new Hono()
  const hosts = new Set(options.hostNames.map((name) => name.toLowerCase()))
  app.use(async (c, next) => {
    addresses.set(c.req.raw, remoteAddress(c))
    checkOrigin(c.req.raw, hosts, options.acceptsAddresses)
    await next()
  })
  // For probes: nothing but that it is there, so without a token.
  app.get('/healthz', (c) => {
    const { status } = service.health()
    return c.json({ status }, 200)
  })
  const answerers = routes.map((route) => ({
    route,
    answer: answerRoute(route, { service, gatekeeper, limits: requestLimits, bodyBytes: limits.bodyBytes, addressOf })
  }))
  for (const { route, answer } of answerers) {
    const path = BASE + route.path.replaceAll(/\{(\w+)\}/g, ':$1')
    app.on(route.method.toUpperCase(), path, (c) => answer(c.req.raw, c.req.param() as Record<string, string>))
  }
  for (const [path, methods] of methodsByPath(routes)) {
    app.all(BASE + path.replaceAll(/\{(\w+)\}/g, ':$1'), (c) => {
      gatekeeper.admit(gatekeeper.identify(c.req.raw.headers, addressOf(c.req.raw)), 'read', c.req.raw)
      throw methodNotAllowed(c.req.method, methods)
    })
  }
  app.all(`${BASE}/*`, unknownPath)
  app.all('/api', unknownPath)
  app.all('/api/*', unknownPath)
  app.all('*', (c) => serveConsole(c.req.raw, options.consoleRoot))

  function unknownPath(c: Context): never {
    gatekeeper.admit(gatekeeper.identify(c.req.raw.headers, addressOf(c.req.raw)), 'read', c.req.raw)
    throw noSuchPath(c.req.path)
  }

  app.onError((error, c) => {
    const answer = toProblem(error)
    if (answer.isUnexpected) options.onUnexpected(error, `${c.req.method} ${c.req.path}`)
    return problemResponse(answer)
  })

  return {
    async fetch(request, environment) {
      const response = await app.fetch(request, environment)
      addSecurityHeaders(response.headers)
      return response
    },
    document,
    paths: app.routes.map(({ method, path }) => `${method} ${path}`),
    close: () => closing.abort()
  }
}

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>()
  for (const { path, method } of routes) {
    const upper = method.toUpperCase() as Uppercase<Method>
    const known = methods.get(path) ?? []
    methods.set(path, [...known, upper, ...(upper === 'GET' ? ['HEAD'] : [])])
  }
  return methods
}

/** From node's server; there is none where a test asks without one. */
function remoteAddress(c: Context): string {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } }
  return incoming?.socket?.remoteAddress ?? 'unknown'
}
