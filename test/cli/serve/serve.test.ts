import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, existsSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { request } from 'node:https'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.ts'
import type { OpenService } from '../../../src/cli/serve/open-service.ts'
import { type ServeFlags, serveCommand } from '../../../src/cli/serve/serve-command.ts'
import { PretendService } from '../../helpers/pretend-service.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'
import { type FakeContext, fakeContext } from '../fake-context.ts'

const FLAGS: ServeFlags = {
  color: false,
  verbose: false,
  output: 'table',
  dataDir: 'data',
  listen: '127.0.0.1:0',
  insecureListen: false,
  hostName: [],
  demo: false
}

interface Served {
  readonly context: FakeContext
  readonly dataDir: string
  readonly done: Promise<number>
  readonly closed: () => number
  loginUrl(): Promise<string>
}

/** A pretended service instead of the real one; everything else is as it is. */
function serve(
  directory: TempDir,
  flags: Partial<ServeFlags> = {},
  closing: Promise<void> = Promise.resolve()
): Served {
  const context = fakeContext({ cwd: directory.path })
  let closed = 0
  const open: OpenService = async ({ dataDirectory }) => {
    await mkdir(dataDirectory, { recursive: true })
    const service = new PretendService()
    const closeService = service.close.bind(service)
    const close = async (): Promise<void> => {
      closed++
      closeService()
      await closing
    }
    return Object.assign(service, { dataDirectory, close })
  }
  const done = serveCommand({ ...FLAGS, ...flags }, context, open)
  return {
    context,
    dataDir: join(directory.path, 'data'),
    done,
    closed: () => closed,
    async loginUrl() {
      await expect.poll(() => context.stdout.text, { timeout: 10_000 }).toContain('\n')
      return context.stdout.text.trim()
    }
  }
}

async function ended(served: Served): Promise<number> {
  served.context.signal('SIGINT')
  return await served.done
}

describe('millrace serve', () => {
  it('makes a token at the first start and prints an address that logs in once', async () => {
    await using directory = await tempDir()
    const first = serve(directory)
    const [url = '', code] = (await first.loginUrl()).split('/#token=')
    const file = join(first.dataDir, 'admin.token')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(first.dataDir, 'session.key')).mode & 0o777).toBe(0o600)
    const token = readFileSync(file, 'utf8').trim()
    expect(first.context.stdout.text + first.context.stderr.text).not.toContain(token)
    expect(first.context.stderr.text).toContain(`Its first token, which may do everything, is in ${file}.`)

    const jobs = await fetch(`${url}/api/v1/jobs`, { headers: { authorization: `Bearer ${token}` } })
    expect(jobs.status).toBe(200)
    const login = async (): Promise<number> => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify({ token: code }) }))
        .status
    }
    expect(await login()).toBe(200)
    expect(await login()).toBe(401)

    const listed = fakeContext({ cwd: directory.path })
    expect(await runCommandLine(['jobs', 'list', '--data-dir', 'data'], listed)).toBe(0)
    expect(listed.stdout.text).toContain('orders-to-dr')
    expect(await ended(first)).toBe(130)
    expect(first.closed()).toBe(1)
    expect(existsSync(join(first.dataDir, 'endpoint.json'))).toBe(false)
    await expect(fetch(url)).rejects.toThrow()

    const second = serve(directory, { output: 'json' })
    const ready = JSON.parse(await second.loginUrl()) as Record<string, unknown>
    expect(ready).toMatchObject({ tokenFile: file, dataDirectory: second.dataDir, pid: process.pid })
    expect(ready['loginUrl']).toMatch(/\/#token=once_/)
    expect(readFileSync(file, 'utf8').trim()).toBe(token)
    expect(second.context.stderr.text).toBe('')
    await ended(second)
  })

  it('drains at the first signal, leaves at the second', async () => {
    await using directory = await tempDir()
    const served = serve(directory, {}, new Promise(() => undefined))
    await served.loginUrl()
    served.context.signal('SIGTERM')
    expect(served.context.stderr.text).toContain('SIGTERM: jobs deliver and commit what is in flight')
    await new Promise((resolve) => setTimeout(resolve, 200))
    served.context.signal('SIGTERM')
    expect(await served.done).toBe(143)
    expect(served.context.stderr.text).toContain('leaving at once')
  })

  it('closes what it has opened when it can not listen', async () => {
    await using directory = await tempDir()
    const first = serve(directory)
    const port = new URL(await first.loginUrl()).port
    const second = serve(directory, { listen: `127.0.0.1:${port}`, dataDir: 'other' })
    await expect(second.done).rejects.toMatchObject({ code: 'MR_LISTEN_FAILED' })
    expect(second.closed()).toBe(1)
    await ended(first)
  })

  it('refuses to be reached from elsewhere in plain text, unless it is said', async () => {
    await using directory = await tempDir()
    writeFileSync(join(directory.path, 'other.pem'), 'no certificate')
    const refused: Partial<ServeFlags>[] = [
      { listen: '0.0.0.0:0' },
      { listen: '[::]:0' },
      { listen: '192.0.2.1:0' },
      { listen: 'mirror.example:0' },
      { listen: '127.0.0.1' },
      { listen: '127.0.0.1:70000' },
      { listen: ':80' },
      { tlsCert: 'cert.pem' },
      { tlsCert: 'none.pem', tlsKey: 'none.pem' },
      { tlsCert: 'other.pem', tlsKey: 'other.pem' }
    ]
    for (const flags of refused) {
      const served = serve(directory, flags)
      await expect(served.done, JSON.stringify(flags)).rejects.toMatchObject({ code: 'MR_SERVE_USAGE' })
      expect(existsSync(served.dataDir)).toBe(false)
    }
  })

  it('serves over TLS, with a cookie that is for TLS alone', async () => {
    await using directory = await tempDir()
    const made = spawnSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'].concat(
        ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'],
        ['-keyout', 'key.pem', '-out', 'cert.pem']
      ),
      { cwd: directory.path }
    )
    expect(made.status).toBe(0)
    const served = serve(directory, { tlsCert: 'cert.pem', tlsKey: 'key.pem' })
    const [url = '', code] = (await served.loginUrl()).split('/#token=')
    expect(url).toMatch(/^https:/)
    const ca = readFileSync(join(directory.path, 'cert.pem'))
    const cookie = await new Promise<string | undefined>((resolve, reject) => {
      const login = request(`${url}/api/v1/session`, {
        method: 'POST',
        ca,
        headers: { 'content-type': 'application/json' }
      })
      login.on('response', (response) => resolve(response.headers['set-cookie']?.[0]))
      login.on('error', reject)
      login.end(JSON.stringify({ token: code }))
    })
    expect(cookie).toMatch(/^__Host-millrace=.*Secure/)
    const listed = fakeContext({ cwd: directory.path })
    const args = ['jobs', 'list', '--data-dir', 'data', '--ca-file', 'cert.pem', '-o', 'json']
    expect(await runCommandLine(args, listed)).toBe(0)
    expect(await runCommandLine(args.slice(0, 4), listed)).toBe(1)
    await ended(served)
  })
})
