import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MillraceError } from '../../model/millrace-error.ts'

/** Whether the job is as it should be, and what is to be said of it. */
export interface HealthAnswer {
  readonly ok: boolean
  readonly state: string
  /** Why not. */
  readonly reason?: string
}

export interface HttpAnswers {
  /** Writes /metrics; undefined = there are none. */
  readonly writeMetrics: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
  /** The supervisor is alive and the job has not failed. */
  readonly health: () => HealthAnswer
  /** Records are being copied, or can be as soon as there are some. */
  readonly readiness: () => HealthAnswer
}

/** A scrape is one short request; who is slower than this is not a scraper. */
const HEADERS_TIMEOUT_MS = 5000
const REQUEST_TIMEOUT_MS = 10_000
const MOST_CONNECTIONS = 64

/**
 * /metrics, /healthz and /readyz. There is no login and nothing to change: only numbers and states are told.
 *
 * Invariant: between `open` and `close` it listens; requests that come before `answers` is set are told that the job
 * is starting.
 */
export class HttpEndpoint {
  readonly #server: Server
  answers: HttpAnswers | undefined

  private constructor(server: Server) {
    this.#server = server
  }

  /** @param listen host:port; port 0: any free one */
  static async open(listen: string): Promise<HttpEndpoint> {
    const server = createServer({
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: HEADERS_TIMEOUT_MS
    })
    server.maxConnections = MOST_CONNECTIONS
    const endpoint = new HttpEndpoint(server)
    server.on('request', (request, response) => endpoint.#answer(request, response))
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(listen, error)))
      server.listen(addressOf(listen), resolve)
    })
    // It is there for others: by itself it keeps no process alive.
    server.unref()
    return endpoint
  }

  /** `http://127.0.0.1:9464` */
  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { answers } = this
    const path = request.url?.split('?', 1)[0] ?? ''
    if (path !== '/metrics' && path !== '/healthz' && path !== '/readyz') {
      answerText(response, 404, 'There are /metrics, /healthz and /readyz.\n')
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      answerText(response, 405, 'Only GET and HEAD.\n')
    } else if (path === '/healthz') {
      answerHealth(response, answers?.health() ?? { ok: true, state: 'STARTING' })
    } else if (path === '/readyz') {
      answerHealth(response, answers?.readiness() ?? { ok: false, state: 'STARTING', reason: 'The job is starting.' })
    } else if (answers?.writeMetrics === undefined) {
      const why = answers === undefined ? 'The job is starting.' : 'Metrics are switched off by OTEL_SDK_DISABLED.'
      answerText(response, 503, `${why}\n`)
    } else {
      // The exporter writes a body whatever the method; node leaves it out for HEAD.
      answers.writeMetrics(request, response)
    }
  }
}

function answerHealth(response: ServerResponse, { ok, state, reason }: HealthAnswer): void {
  const body = JSON.stringify({ status: ok ? 'ok' : 'unavailable', state, ...(reason !== undefined && { reason }) })
  response.writeHead(ok ? 200 : 503, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
  response.end(`${body}\n`)
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(text)
}

function addressOf(listen: string): { readonly host: string; readonly port: number } {
  const colon = listen.lastIndexOf(':')
  const host = listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1')
  return { host, port: Number(listen.slice(colon + 1)) }
}

function cannotListen(listen: string, error: NodeJS.ErrnoException): MillraceError {
  const inUse = error.code === 'EADDRINUSE'
  return new MillraceError({
    code: 'MR_LISTEN_FAILED',
    kind: 'configuration',
    message: inUse ? `${listen} is in use by another program.` : `Nothing can listen on ${listen}: ${error.message}`,
    next: inUse
      ? 'Choose another port, or 0 for any free one.'
      : 'Name an address of this machine and a port that is allowed.',
    place: { option: 'http.listen' },
    cause: error
  })
}
