import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Role } from '../../src/api/contract.ts'
import { type Api, type ApiOptions, createApi } from '../../src/api/create-api.ts'
import { EndedSessions } from '../../src/api/security/ended-sessions.ts'
import { LoginCodes } from '../../src/api/security/login-codes.ts'
import { TokenStore } from '../../src/api/security/token-store.ts'
import type { ServicePort } from '../../src/service/service-port.ts'
import { PretendService } from '../helpers/pretend-service.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'

export interface AskOptions {
  readonly as?: Role | 'nobody'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface AskedApi extends AsyncDisposable {
  readonly api: Api
  readonly service: PretendService
  readonly tokens: TokenStore
  readonly codes: LoginCodes
  readonly directory: TempDir
  readonly secrets: Readonly<Record<Role, string>>
  readonly unexpected: unknown[]
  ask(method: string, path: string, options?: AskOptions): Promise<Response>
  /** The answer of the role admin, which must be a success. */
  get<T>(path: string): Promise<T>
}

export const UNLIMITED = { perSecond: 1e9, burst: 1e9, concurrent: 1e6, streams: 1e6 }

/** The API over a pretended service, asked without a socket. */
export async function askApi(
  options: Partial<ApiOptions> & { readonly over?: (service: PretendService) => ServicePort } = {}
): Promise<AskedApi> {
  const directory = await tempDir('millrace-api-')
  const tokens = options.tokens ?? new TokenStore(directory.path)
  const codes = new LoginCodes()
  const service = new PretendService({ delayMs: 20 })
  const unexpected: unknown[] = []
  const settings = { version: '1.2.3', startedAt: 1, dataDirectory: directory.path, listen: '', tls: false, demo: null }
  const api = createApi(options.over?.(service) ?? service, {
    codes,
    ended: new EndedSessions(directory.path),
    sessionKey: randomBytes(32),
    settings: () => settings,
    hostNames: ['localhost'],
    acceptsAddresses: false,
    consoleRoot: join(directory.path, 'web'),
    onUnexpected: (error) => unexpected.push(error),
    limits: UNLIMITED,
    ...options,
    tokens
  })
  const secrets = { read: '', operate: '', admin: '' }
  for (const role of ['read', 'operate', 'admin'] as const) {
    if (tokens.named(role) === undefined) secrets[role] = tokens.add(role, role)
  }
  const ask: AskedApi['ask'] = async (method, path, { as = 'admin', body, headers = {} } = {}) =>
    await api.fetch(
      new Request(`http://localhost${path.startsWith('/api') ? '' : '/api/v1'}${path}`, {
        method,
        headers: {
          host: 'localhost',
          ...(as !== 'nobody' && { authorization: `Bearer ${secrets[as]}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) })
      })
    )
  return {
    api,
    service,
    tokens,
    codes,
    directory,
    secrets,
    unexpected,
    ask,
    async get<T>(path: string) {
      const response = await ask('GET', path)
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as T
    },
    async [Symbol.asyncDispose]() {
      api.close()
      service.close()
      await directory.remove()
    }
  }
}
