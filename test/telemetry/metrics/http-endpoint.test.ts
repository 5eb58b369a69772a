import { afterEach, describe, expect, it } from 'vitest'
import { HttpEndpoint, type HttpAnswers } from '../../../src/telemetry/metrics/http-endpoint.ts'

let endpoint: HttpEndpoint | undefined

async function open(answers?: Partial<HttpAnswers>): Promise<HttpEndpoint> {
  endpoint = await HttpEndpoint.open('127.0.0.1:0')
  if (answers === undefined) return endpoint
  endpoint.answers = {
    writeMetrics: (_, response) => void response.end('millrace_workers 1\n'),
    health: () => ({ ok: true, state: 'RUNNING' }),
    readiness: () => ({ ok: true, state: 'RUNNING' }),
    ...answers
  }
  return endpoint
}

afterEach(async () => {
  await endpoint?.close()
  endpoint = undefined
})

describe('the HTTP address of a job', () => {
  it('serves metrics, health and readiness, with and without a query, and HEAD without a body', async () => {
    const { url } = await open({})
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(`${url}/metrics?name[]=x`)).text()).toBe('millrace_workers 1\n')
    const health = await fetch(`${url}/healthz`)
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok', state: 'RUNNING' }])
    const head = await fetch(`${url}/readyz`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const metricsHead = await fetch(`${url}/metrics`, { method: 'HEAD' })
    expect([metricsHead.status, await metricsHead.text()]).toEqual([200, ''])
  })

  it('says 503 and why', async () => {
    const { url } = await open({
      readiness: () => ({ ok: false, state: 'RUNNING', reason: 'Not ready yet: worker 1.' })
    })
    const answer = await fetch(`${url}/readyz`)
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'unavailable', state: 'RUNNING', reason: 'Not ready yet: worker 1.' }
    ])
  })

  it('is alive and not ready while the job starts', async () => {
    const { url } = await open()
    const status = async (path: string) => (await fetch(`${url}${path}`)).status
    expect([await status('/healthz'), await status('/readyz'), await status('/metrics')]).toEqual([200, 503, 503])
  })

  it('has nothing else, and lets nobody change anything', async () => {
    const { url } = await open({})
    expect((await fetch(`${url}/`)).status).toBe(404)
    expect((await fetch(`${url}/metrics/`)).status).toBe(404)
    const post = await fetch(`${url}/metrics`, { method: 'POST', body: 'x' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it('is refused when another program has it, and free again when the job is over', async () => {
    const first = await open({})
    const { port } = new URL(first.url)
    await expect(HttpEndpoint.open(`127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'MR_LISTEN_FAILED',
      kind: 'configuration',
      place: { option: 'http.listen' }
    })
    await first.close()
    endpoint = await HttpEndpoint.open(`127.0.0.1:${port}`)
    expect(new URL(endpoint.url).port).toBe(port)
  })

  it('can be an IPv6 address', async () => {
    try {
      endpoint = await HttpEndpoint.open('[::1]:0')
    } catch (error) {
      // A machine without IPv6.
      expect(error).toMatchObject({ code: 'MR_LISTEN_FAILED' })
      return
    }
    expect((await fetch(`${endpoint.url}/healthz`)).status).toBe(200)
  })
})
