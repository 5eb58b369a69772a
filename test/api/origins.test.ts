import { expect, it } from 'vitest'
import { askApi } from './ask-api.ts'

const PAUSE = ['POST', '/jobs/orders-to-dr/pause'] as const

it('a name that is not ours is refused: a foreign page can point its own name at this machine', async () => {
  await using asked = await askApi()
  for (const host of ['evil.example', 'localhost.evil.example', 'evil.example:8090', '127.0.0.1', '']) {
    for (const path of ['/jobs', '/api/v1/session', '/healthz']) {
      const response = await asked.ask('GET', path, { headers: { host } })
      expect(response.status, host).toBe(421)
      expect(await response.json()).toMatchObject({ code: 'MR_API_HOST' })
    }
  }
  for (const host of ['localhost', 'LOCALHOST:8090', 'localhost.']) {
    expect((await asked.ask('GET', '/jobs', { headers: { host } })).status, host).toBe(200)
  }
})

it('addresses pass where it listens on more than loopback', async () => {
  await using asked = await askApi({ acceptsAddresses: true })
  for (const host of ['192.0.2.7:8090', '[2001:db8::1]:8090', 'localhost']) {
    expect((await asked.ask('GET', '/jobs', { headers: { host } })).status, host).toBe(200)
  }
  expect((await asked.ask('GET', '/jobs', { headers: { host: 'evil.example' } })).status).toBe(421)
})

it('a page of another site changes nothing, even with a token', async () => {
  await using asked = await askApi()
  const foreign = [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }
  ]
  for (const headers of foreign) {
    const response = await asked.ask(...PAUSE, { headers })
    expect(response.status, JSON.stringify(headers)).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'MR_API_ORIGIN' })
  }
  const own = [{}, { origin: 'http://localhost' }, { origin: 'https://localhost' }, { 'sec-fetch-site': 'same-origin' }]
  for (const headers of own) expect((await asked.ask(...PAUSE, { headers })).status).toBe(200)
})

it('a page of another site can not embed or read anything, but link to the console', async () => {
  await using asked = await askApi()
  const site = { 'sec-fetch-site': 'cross-site' }
  expect((await asked.ask('GET', '/jobs', { headers: site })).status).toBe(403)
  const link = { ...site, 'sec-fetch-mode': 'navigate' }
  expect((await asked.ask('GET', '/jobs', { headers: link })).status).toBe(200)
  const { headers } = await asked.ask('GET', '/jobs')
  expect(headers.has('access-control-allow-origin')).toBe(false)
})

it('every answer carries what keeps browsers careful', async () => {
  await using asked = await askApi()
  for (const [path, as] of [
    ['/jobs', 'admin'],
    ['/jobs', 'nobody'],
    ['/api/v1/nothing', 'admin']
  ] as const) {
    const { headers } = await asked.ask('GET', path, { as })
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('cache-control')).toBe('no-store')
  }
})
