import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../src/api/contract.ts'
import { type AskedApi, askApi } from './ask-api.ts'
import { examplePath, operationsOf } from './document-operations.ts'

/*
 * Who may do what, by the document itself: a route that is added is in this table without anybody's doing, and one that
 * the document does not know fails the last test.
 */
const ROLES: readonly Role[] = ['read', 'operate', 'admin']
const shared = await askApi()
const operations = operationsOf(shared)
await shared[Symbol.asyncDispose]()

let asked: AskedApi
beforeAll(async () => {
  asked = await askApi()
})
afterAll(async () => {
  await asked[Symbol.asyncDispose]()
})

describe.each(operations)('$method $path ($role)', ({ method, path, role, hasBody }) => {
  const request = examplePath(path)
  const body = hasBody ? { body: {} } : {}

  it.runIf(role !== 'nobody')('is closed without a token, and with a wrong one', async () => {
    const without = await asked.ask(method, request, { as: 'nobody', ...body })
    expect(without.status).toBe(401)
    expect(without.headers.get('www-authenticate')).toContain('Bearer')
    expect(await without.json()).toMatchObject({ code: 'MR_API_UNAUTHENTICATED', status: 401 })
    const wrong = { authorization: `Bearer ${asked.secrets.admin}x` }
    expect([401, 429]).toContain((await asked.ask(method, request, { as: 'nobody', ...body, headers: wrong })).status)
  })

  it.runIf(role !== 'nobody')('is closed to lesser roles', async () => {
    const lesser = ROLES.slice(0, ROLES.indexOf(role as Role))
    for (const as of lesser) {
      const response = await asked.ask(method, request, { as, ...body })
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ code: 'MR_API_FORBIDDEN', status: 403 })
    }
  })

  it('is open to its role', async () => {
    await using own = await askApi()
    const response = await own.ask(method, request, { as: role === 'nobody' ? 'nobody' : role, ...body })
    if (role !== 'nobody') expect([401, 403]).not.toContain(response.status)
    expect(response.status).toBeLessThan(500)
    await response.body?.cancel()
  })
})

it('nothing under /api answers that is not in the document', () => {
  const described = new Set(
    operations.map(({ method, path }) => `${method} /api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
  )
  const beside = asked.api.paths.filter((path) => !path.startsWith('ALL ') && !described.has(path))
  expect(beside).toEqual(['GET /healthz'])
})

it('without a token not even the paths are told', async () => {
  for (const path of ['/api/v1/nothing', '/api/v2/jobs', '/api', '/api/v1']) {
    expect((await asked.ask('GET', path, { as: 'nobody' })).status).toBe(401)
    expect((await asked.ask('GET', path)).status).toBe(404)
  }
  expect((await asked.ask('DELETE', '/jobs', { as: 'nobody' })).status).toBe(401)
})
