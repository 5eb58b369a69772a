import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/api/contract.ts'
import { ConfigErrors } from '../../src/config/config-errors.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { askApi, type AskedApi } from './ask-api.ts'

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = (await response.json()) as Problem
  expect(problem).toMatchObject({ status: response.status, type: `docs/errors.md#${problem.code}` })
  expect(problem.code).toMatch(/^MR_/)
  return problem
}

/** A service whose `list` of jobs fails with this. */
async function failingWith(error: unknown): Promise<AskedApi> {
  const asked = await askApi()
  asked.service.jobs.list = async () => {
    throw error
  }
  return asked
}

describe('problems', () => {
  it('nothing there, another method', async () => {
    await using asked = await askApi()
    expect((await problemOf(await asked.ask('GET', '/nothing'))).code).toBe('MR_API_PATH')
    expect((await problemOf(await asked.ask('GET', '/jobs/none'))).code).toBe('MR_SERVICE_NOT_FOUND')
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const response = await asked.ask(method, '/jobs')
      expect(response.headers.get('allow')).toBe('GET, HEAD')
      expect(await problemOf(response)).toMatchObject({ status: 405, code: 'MR_API_METHOD' })
    }
    const head = await asked.ask('HEAD', '/jobs')
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('a body that is too large, of another type, no JSON, no UTF-8, or where none belongs', async () => {
    await using asked = await askApi({ limits: { bodyBytes: 1000 } })
    const put = async (body: string, headers = {}): Promise<Problem> =>
      await problemOf(await asked.ask('PUT', '/jobs/x', { body, headers }))
    expect((await put(JSON.stringify({ config: 'x'.repeat(2000) }))).status).toBe(413)
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', '']) {
      expect((await put('{}', { 'content-type': type })).status, type).toBe(415)
    }
    expect(await put('{"config":')).toMatchObject({ status: 400, code: 'MR_API_REQUEST' })
    expect((await problemOf(await asked.ask('POST', '/jobs/orders-to-dr/submit', { body: { a: 1 } }))).status).toBe(400)
    expect((await problemOf(await asked.ask('PUT', '/jobs/x'))).detail).toContain('is missing')
  })

  it('a body without a length is not read beyond the limit', async () => {
    await using asked = await askApi({ limits: { bodyBytes: 1000 } })
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 400
        controller.enqueue(new Uint8Array(400))
      }
    })
    const response = await asked.api.fetch(
      new Request('http://localhost/api/v1/jobs/x', {
        method: 'PUT',
        headers: {
          host: 'localhost',
          authorization: `Bearer ${asked.secrets.admin}`,
          'content-type': 'application/json'
        },
        body: endless,
        duplex: 'half'
      })
    )
    expect(response.status).toBe(413)
    expect(sent).toBeLessThan(5000)
  })

  it('says everything that is wrong, where it is', async () => {
    await using asked = await askApi()
    const body = { bootstrapServers: '', security: { protocol: 'TLS' }, propertys: {} }
    const { problems = [] } = await problemOf(await asked.ask('PUT', '/connections/x', { body }))
    expect(problems.map(({ where }) => where).sort()).toEqual(['/', '/bootstrapServers', '/security/protocol'])
    const query = await problemOf(await asked.ask('GET', '/jobs?limitt=3&limit=x'))
    expect(query.problems?.[0]).toMatchObject({ where: 'limitt', next: 'Did you mean limit?' })
    expect((await problemOf(await asked.ask('GET', '/jobs?limit=0'))).status).toBe(400)
    expect((await problemOf(await asked.ask('GET', '/jobs?limit=1&limit=2'))).detail).toContain('more than once')
    for (const name of ['..', '.x', 'a%2fb', 'x'.repeat(101), '%00']) {
      expect([400, 404], name).toContain((await asked.ask('GET', `/jobs/${name}`)).status)
    }
  })

  it('what a cluster says of our credentials is not about whoever asks', async () => {
    const kinds = { authentication: 502, authorisation: 502, retry: 502, refused: 409, configuration: 422 } as const
    for (const [kind, status] of Object.entries(kinds)) {
      const error = new MillraceError({ code: 'MR_SOME', kind: kind as 'retry', message: 'No.', place: { topic: 't' } })
      await using asked = await failingWith(error)
      expect(await problemOf(await asked.ask('GET', '/jobs'))).toMatchObject({
        status,
        code: 'MR_SOME',
        place: { topic: 't' }
      })
    }
    await using full = await failingWith(
      new MillraceError({ code: 'MR_SERVICE_STORAGE', kind: 'retry', message: 'No space.' })
    )
    expect((await full.ask('GET', '/jobs')).status).toBe(507)
  })

  it('errors of a configuration come one by one', async () => {
    const problems = [{ where: 'job.yaml:3:5', option: 'topics', message: 'is missing' }]
    await using asked = await failingWith(new ConfigErrors(problems))
    expect(await problemOf(await asked.ask('GET', '/jobs'))).toMatchObject({ status: 422, problems })
  })

  it('what nobody expected is told to the log, not to whoever asks', async () => {
    const inside = new Error('ENOENT /var/lib/secret/path')
    for (const error of [
      inside,
      new MillraceError({ code: 'MR_X', kind: 'internal', message: 'at /secret', cause: inside })
    ]) {
      await using asked = await failingWith(error)
      const response = await asked.ask('GET', '/jobs')
      const problem = await problemOf(response)
      expect(problem).toMatchObject({ status: 500, code: 'MR_INTERNAL' })
      expect(JSON.stringify(problem)).not.toMatch(/secret|ENOENT|MR_X/)
      expect(asked.unexpected).toEqual([error])
    }
  })

  it('more than one client is given', async () => {
    await using asked = await askApi({ limits: { perSecond: 1, burst: 5, concurrent: 2, streams: 1 } })
    const statuses = []
    for (let index = 0; index < 8; index++) statuses.push((await asked.ask('GET', '/jobs')).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429])
    const refused = await asked.ask('GET', '/jobs')
    expect(refused.headers.get('retry-after')).toBe('1')
    expect((await problemOf(refused)).code).toBe('MR_API_TOO_MANY')
    // Others are not held back.
    expect((await asked.ask('GET', '/jobs', { as: 'read' })).status).toBe(200)
  })
})
