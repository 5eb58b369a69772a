import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { MillraceError } from '../../model/millrace-error.ts'
import { addSecurityHeaders } from '../security/security-headers.ts'
import { wrongRequest } from './api-errors.ts'
import { problemResponse, toProblem } from './to-problem.ts'

export interface ServerOptions {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string }
  readonly fetch: (request: Request, environment: object) => Response | Promise<Response>
  readonly onUnexpected: (error: unknown, request: string) => void
}

export interface OpenServer {
  readonly port: number
  /** Lets requests that are being answered end, for a second at most. */
  close(): Promise<void>
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_MS = 30_000
const MOST_CONNECTIONS = 512
const MOST_HEADER_BYTES = 16 * 1024
const CLOSE_MS = 1000

/** Node's HTTP or HTTPS server in front of the API, with limits on what a slow or wild client can hold. */
export async function openServer({ host, port, tls, fetch, onUnexpected }: ServerOptions): Promise<OpenServer> {
  const listener = getRequestListener(fetch, {
    hostname: host,
    overrideGlobalObjects: false,
    errorHandler: (error) => {
      const answer = toProblem(isBadRequest(error) ? unreadable(error) : error)
      if (answer.isUnexpected) onUnexpected(error, 'a request that was not read')
      const response = problemResponse(answer)
      addSecurityHeaders(response.headers)
      return response
    }
  })
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MOST_HEADER_BYTES,
    connectionsCheckingInterval: HEADERS_TIMEOUT_MS
  }
  const server: Server =
    tls === undefined
      ? createServer(limits)
      : createTlsServer({ ...limits, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' })
  server.maxConnections = MOST_CONNECTIONS
  server.on('request', (request, response) => void listener(request, response))
  await listen(server, host, port)
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), CLOSE_MS).unref()
      })
    }
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(`${host}:${port}`, error)))
    server.listen(port, host, resolve)
  })
}

/** The address line or Host of a request that can't be one. */
function isBadRequest(error: unknown): boolean {
  return error instanceof Error && error.name === 'RequestError'
}

function unreadable(error: unknown): MillraceError {
  return wrongRequest([{ where: 'The request', option: '', message: `can't be read: ${(error as Error).message}` }])
}

function cannotListen(address: string, error: NodeJS.ErrnoException): MillraceError {
  const inUse = error.code === 'EADDRINUSE'
  return new MillraceError({
    code: 'MR_LISTEN_FAILED',
    kind: 'configuration',
    message: inUse ? `${address} is in use by another program.` : `Nothing can listen on ${address}: ${error.message}.`,
    next: inUse
      ? 'Choose another port with --listen, or 0 for any free one.'
      : 'Name an address of this machine and a port that is allowed with --listen.',
    place: { option: '--listen' },
    cause: error
  })
}
