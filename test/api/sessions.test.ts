import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EndedSessions } from '../../src/api/security/ended-sessions.ts'
import { type AskedApi, askApi } from './ask-api.ts'

const HOUR = 3_600_000

async function login(asked: AskedApi, token: string): Promise<{ cookie: string; csrf: string; setCookie: string }> {
  const response = await asked.ask('POST', '/session', { as: 'nobody', body: { token } })
  expect(response.status).toBe(200)
  const setCookie = response.headers.get('set-cookie') ?? ''
  const { csrfToken } = (await response.json()) as { csrfToken: string }
  return { cookie: setCookie.split(';')[0] ?? '', csrf: csrfToken, setCookie }
}

describe('sessions', () => {
  afterEach(() => void vi.useRealTimers())

  it('the cookie is out of reach of scripts and other sites', async () => {
    await using asked = await askApi()
    const { setCookie } = await login(asked, asked.secrets.admin)
    expect(setCookie).toMatch(/^millrace=[\w.-]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)
    expect(setCookie).not.toContain(asked.secrets.admin)
  })

  it('over TLS it is of this host and encrypted connections alone', async () => {
    const settings = { version: '1', startedAt: 1, dataDirectory: '', listen: '', tls: true, demo: null }
    await using asked = await askApi({ settings: () => settings })
    const { setCookie } = await login(asked, asked.secrets.admin)
    expect(setCookie).toMatch(/^__Host-millrace=.*; Secure$/)
  })

  it('reads with the cookie, changes only with the CSRF token too', async () => {
    await using asked = await askApi()
    const { cookie, csrf } = await login(asked, asked.secrets.operate)
    const as = 'nobody'
    expect((await asked.ask('GET', '/jobs', { as, headers: { cookie } })).status).toBe(200)
    const without = await asked.ask('POST', '/jobs/orders-to-dr/pause', { as, headers: { cookie } })
    expect(without.status).toBe(403)
    expect(await without.json()).toMatchObject({ code: 'MR_API_CSRF' })
    const other = await login(asked, asked.secrets.operate)
    const foreign = { cookie, 'x-csrf-token': other.csrf }
    expect((await asked.ask('POST', '/jobs/orders-to-dr/pause', { as, headers: foreign })).status).toBe(403)
    const right = { cookie, 'x-csrf-token': csrf }
    expect((await asked.ask('POST', '/jobs/orders-to-dr/pause', { as, headers: right })).status).toBe(200)
    expect((await asked.ask('DELETE', '/jobs/ads-bidding', { as, headers: right })).status).toBe(403)
  })

  it('a session ends by logging out, with its token, and by itself', async () => {
    await using asked = await askApi()
    const as = 'nobody'
    const first = await login(asked, asked.secrets.read)
    const left = { cookie: first.cookie, 'x-csrf-token': first.csrf }
    const out = await asked.ask('DELETE', '/session', { as, headers: left })
    expect(out.status).toBe(204)
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    expect((await asked.ask('GET', '/jobs', { as, headers: left })).status).toBe(401)

    const second = await login(asked, asked.secrets.read)
    asked.tokens.revoke('read')
    expect((await asked.ask('GET', '/jobs', { as, headers: { cookie: second.cookie } })).status).toBe(401)
    // A token of the same name is another token.
    asked.tokens.add('read', 'admin')
    expect((await asked.ask('GET', '/jobs', { as, headers: { cookie: second.cookie } })).status).toBe(401)

    const third = await login(asked, asked.secrets.admin)
    vi.useFakeTimers({ now: Date.now() + 13 * HOUR, toFake: ['Date'] })
    expect((await asked.ask('GET', '/jobs', { as, headers: { cookie: third.cookie } })).status).toBe(401)
  })

  it('a session survives a restart of the service, and no change of a character', async () => {
    const sessionKey = randomBytes(32)
    await using before = await askApi({ sessionKey })
    const { cookie } = await login(before, before.secrets.admin)
    await using after = await askApi({ sessionKey, tokens: before.tokens })
    expect((await after.ask('GET', '/jobs', { as: 'nobody', headers: { cookie } })).status).toBe(200)
    for (const at of [12, 40, cookie.length - 5]) {
      const changed = cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1)
      expect((await after.ask('GET', '/jobs', { as: 'nobody', headers: { cookie: changed } })).status).toBe(401)
    }
    await using stranger = await askApi({ tokens: before.tokens })
    expect((await stranger.ask('GET', '/jobs', { as: 'nobody', headers: { cookie } })).status).toBe(401)
  })

  it('who logged out stays out when the service restarts', async () => {
    const sessionKey = randomBytes(32)
    await using before = await askApi({ sessionKey })
    const [first, second] = [await login(before, before.secrets.admin), await login(before, before.secrets.admin)]
    const headers = { cookie: first.cookie, 'x-csrf-token': first.csrf }
    expect((await before.ask('DELETE', '/session', { as: 'nobody', headers })).status).toBe(204)
    const ended = new EndedSessions(before.directory.path)
    await using after = await askApi({ sessionKey, tokens: before.tokens, ended })
    expect((await after.ask('GET', '/jobs', { as: 'nobody', headers })).status).toBe(401)
    const other = { cookie: second.cookie }
    expect((await after.ask('GET', '/jobs', { as: 'nobody', headers: other })).status).toBe(200)
  })

  it('a logout that the disk does not take is a logout, and told', async () => {
    await using asked = await askApi()
    const { cookie, csrf } = await login(asked, asked.secrets.admin)
    const headers = { cookie, 'x-csrf-token': csrf }
    mkdirSync(join(asked.directory.path, 'ended-sessions.json'))
    const out = await asked.ask('DELETE', '/session', { as: 'nobody', headers })
    expect(out.status).toBe(507)
    expect(await out.json()).toMatchObject({ code: 'MR_SERVICE_STORAGE' })
    expect((await asked.ask('GET', '/jobs', { as: 'nobody', headers })).status).toBe(401)
  })

  it('what says who logged out is not begun anew when it is damaged', async () => {
    await using asked = await askApi()
    writeFileSync(join(asked.directory.path, 'ended-sessions.json'), '{"nonce": tru')
    expect(() => new EndedSessions(asked.directory.path)).toThrow('ended-sessions.json')
  })

  it('a one-time code opens one session, for a quarter of an hour', async () => {
    await using asked = await askApi()
    const code = asked.codes.issue('admin')
    await login(asked, code)
    expect((await asked.ask('POST', '/session', { as: 'nobody', body: { token: code } })).status).toBe(401)
    const late = asked.codes.issue('admin')
    vi.useFakeTimers({ now: Date.now() + HOUR, toFake: ['Date'] })
    expect((await asked.ask('POST', '/session', { as: 'nobody', body: { token: late } })).status).toBe(401)
    // A code is no token.
    const headers = { authorization: `Bearer ${asked.codes.issue('admin')}` }
    expect((await asked.ask('GET', '/jobs', { as: 'nobody', headers })).status).toBe(401)
  })

  it('guessing is slowed down, right tokens are not', async () => {
    await using asked = await askApi()
    const guess = async (): Promise<Response> =>
      await asked.ask('POST', '/session', { as: 'nobody', body: { token: 'guess' } })
    const statuses = []
    for (let attempt = 0; attempt < 15; attempt++) statuses.push((await guess()).status)
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401))
    expect(statuses.slice(10)).toEqual(Array.from({ length: 5 }, () => 429))
    expect(Number((await guess()).headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await asked.ask('GET', '/jobs', { as: 'nobody', headers: { authorization: 'Bearer guess' } })).status).toBe(
      429
    )
    expect((await asked.ask('GET', '/jobs')).status).toBe(200)
    await login(asked, asked.secrets.read)
    await login(asked, asked.codes.issue('admin'))
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] })
    expect((await guess()).status).toBe(401)
  })
})
