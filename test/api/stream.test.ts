import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Streamed, StreamRequest } from '../../src/service/service-port.ts'
import { openServer } from '../../src/api/http/open-server.ts'
import { type AskedApi, askApi } from './ask-api.ts'

/** A stream that says what is asked of it, and gives what a test wants. */
async function streaming(
  give: (request: StreamRequest, signal: AbortSignal) => AsyncIterable<Streamed>,
  options: Parameters<typeof askApi>[0] = {}
): Promise<AskedApi & { readonly asked: StreamRequest[]; readonly ended: () => number }> {
  const requests: StreamRequest[] = []
  let ended = 0
  const api = await askApi({ heartbeatMs: 30, ...options })
  api.service.stream = async function* (request, signal) {
    requests.push(request)
    try {
      yield* give(request, signal)
    } finally {
      ended++
    }
  }
  return { ...api, asked: requests, ended: () => ended, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

const reset = (id: number): Streamed => ({ id: String(id), message: { type: 'reset' } })

// oxlint-disable-next-line require-yield
async function* silence(_: StreamRequest, signal: AbortSignal): AsyncGenerator<Streamed> {
  await pause(60_000, undefined, { signal, ref: false }).catch(() => undefined)
}

async function* one(request: StreamRequest, signal: AbortSignal): AsyncGenerator<Streamed> {
  yield reset(1)
  yield* silence(request, signal)
}

async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, pattern: RegExp): Promise<string> {
  let text = ''
  while (!pattern.test(text)) {
    const { done, value } = await reader.read()
    if (done) throw new Error(`the stream ended: ${text}`)
    text += new TextDecoder().decode(value)
  }
  return text
}

function readerOf(response: Response): ReadableStreamDefaultReader<Uint8Array> {
  if (response.body === null) throw new Error('no body')
  return response.body.getReader()
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen')
    await pause(10)
  }
}

describe('the stream', () => {
  it('sends messages as events with ids, and signs of life between them', async () => {
    await using api = await streaming(one)
    const response = await api.ask('GET', '/stream?jobs=1&job=orders-to-dr&partitions=true&log=warn', {
      headers: { 'last-event-id': '41' }
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const reader = readerOf(response)
    const text = await readUntil(reader, /: still here\n\n.*: still here/s)
    expect(text).toContain('retry: 2000\n\n')
    expect(text).toContain('id: 1\nevent: reset\ndata: {"type":"reset"}\n\n')
    expect(api.asked).toEqual([{ jobs: true, job: 'orders-to-dr', partitions: true, log: 'warn', lastEventId: '41' }])
    await reader.cancel()
    await until(() => api.ended() === 1)
  })

  it('a job that is not there is an answer and no stream', async () => {
    await using api = await streaming(silence)
    expect((await api.ask('GET', '/stream?job=none')).status).toBe(404)
    expect(api.asked).toEqual([])
  })

  it('asks for the next message only when the last one was read', async () => {
    let made = 0
    await using api = await streaming(async function* (_, signal) {
      while (!signal.aborted) yield reset(++made)
    })
    const reader = readerOf(await api.ask('GET', '/stream'))
    await readUntil(reader, /id: 5\n/)
    await pause(100)
    expect(made).toBeLessThan(10)
    await reader.cancel()
  })

  it('ends when the service ends, when the token is revoked, and with an error of the service', async () => {
    await using closing = await streaming(silence)
    const first = readerOf(await closing.ask('GET', '/stream'))
    await readUntil(first, /still here/)
    closing.api.close()
    while (!(await first.read()).done);

    await using revoked = await streaming(silence)
    const second = await revoked.ask('GET', '/stream', { as: 'read' })
    revoked.tokens.revoke('read')
    expect(await second.text()).not.toContain('event')

    // oxlint-disable-next-line require-yield
    await using failing = await streaming(async function* () {
      throw new Error('broken')
    })
    await expect((await failing.ask('GET', '/stream')).text()).rejects.toThrow('broken')
    await until(() => closing.ended() + revoked.ended() + failing.ended() === 3)
  })

  it('a revoked token is told nothing more, however much there is to tell', async () => {
    await using api = await streaming(
      async function* (_, signal) {
        for (let id = 1; !signal.aborted; id++) {
          yield reset(id)
          await pause(1, undefined, { ref: false })
        }
      },
      { heartbeatMs: 60_000 }
    )
    const reader = readerOf(await api.ask('GET', '/stream', { as: 'read' }))
    await readUntil(reader, /id: 5\n/)
    api.tokens.revoke('read')
    // One message may have been made before.
    await reader.read()
    await reader.read()
    expect((await reader.read()).done).toBe(true)
    await until(() => api.ended() === 1)
  })

  it('a question for its head opens none', async () => {
    await using api = await streaming(silence, { limits: { streams: 1 } })
    for (let asked = 0; asked < 3; asked++) expect((await api.ask('HEAD', '/stream')).status).toBe(200)
    expect(api.asked).toEqual([])
    expect((await api.ask('GET', '/stream')).status).toBe(200)
  })

  it('only so many at once, and those that ended do not count', async () => {
    await using api = await streaming(silence, { limits: { streams: 2 } })
    const open = [await api.ask('GET', '/stream'), await api.ask('GET', '/stream')]
    expect((await api.ask('GET', '/stream')).status).toBe(429)
    expect((await api.ask('GET', '/stream', { as: 'read' })).status).toBe(200)
    await open[0]?.body?.cancel()
    expect((await api.ask('GET', '/stream')).status).toBe(200)
  })
})

describe('over a connection', () => {
  it('a client that goes away, or does not read, costs nothing more', async () => {
    let made = 0
    await using api = await streaming(
      async function* (_, signal) {
        while (!signal.aborted) {
          made++
          yield { id: String(made), message: { type: 'log', job: 'x'.repeat(20_000), lines: [] } }
        }
      },
      { hostNames: ['127.0.0.1'] }
    )
    const server = await openServer({
      host: '127.0.0.1',
      port: 0,
      fetch: (request, environment) => api.api.fetch(request, environment),
      onUnexpected: (error) => void api.unexpected.push(error)
    })
    const aborter = new AbortController()
    const response = await fetch(`http://127.0.0.1:${server.port}/api/v1/stream`, {
      headers: { authorization: `Bearer ${api.secrets.read}` },
      signal: aborter.signal
    })
    expect(response.status).toBe(200)
    const reader = readerOf(response)
    await reader.read()
    // What the sockets of both sides hold, and no more.
    let before = -1
    await until(() => {
      const stands = made === before
      before = made
      return stands
    })
    await pause(200)
    expect(made).toBe(before)
    expect(made).toBeLessThan(2000)
    aborter.abort()
    await until(() => api.ended() === 1)
    await server.close()
    expect(api.unexpected).toEqual([])
  })
})
