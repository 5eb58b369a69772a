import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createApi } from '../../src/api/create-api.ts'
import { openServer } from '../../src/api/http/open-server.ts'
import { EndedSessions } from '../../src/api/security/ended-sessions.ts'
import { LoginCodes } from '../../src/api/security/login-codes.ts'
import { TokenStore } from '../../src/api/security/token-store.ts'
import { PretendService } from './pretend-service.ts'

// npx tsx test/helpers/serve-pretend.ts [--port N] [--console DIR] [--limits none]
// The whole API over a service that is only pretended, to develop and test the console. Everything is gone at its end.

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    console: { type: 'string', default: fileURLToPath(new URL('../../dist/web', import.meta.url)) },
    limits: { type: 'string', default: 'usual' }
  }
})

const directory = mkdtempSync(join(tmpdir(), 'millrace-pretend-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
const tokens = new TokenStore(directory)
const codes = new LoginCodes()
const service = new PretendService()
const startedAt = Date.now()
const onUnexpected = (error: unknown, request: string): void => console.error(request, error)
const api = createApi(service, {
  tokens,
  codes,
  ended: new EndedSessions(directory),
  sessionKey: randomBytes(32),
  settings: () => ({
    version: '0.1.0',
    startedAt,
    dataDirectory: directory,
    listen: '127.0.0.1',
    tls: false,
    demo: null
  }),
  hostNames: ['127.0.0.1', 'localhost'],
  acceptsAddresses: false,
  consoleRoot: values.console,
  onUnexpected,
  ...(values.limits === 'none' && { limits: { perSecond: 1e9, burst: 1e9, concurrent: 1e6, streams: 1000 } })
})
const server = await openServer({
  host: '127.0.0.1',
  port: Number(values.port),
  fetch: (request, environment) => api.fetch(request, environment),
  onUnexpected
})
const url = `http://127.0.0.1:${server.port}`
const roles = ['admin', 'operate', 'read'] as const
for (const role of roles) console.log(`${role} ${url}/#token=${tokens.add(role, role)}`)
console.log(`curl -H 'Authorization: Bearer TOKEN' ${url}/api/v1/jobs`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    api.close()
    service.close()
    void server.close().then(() => process.exit(0))
  })
}
