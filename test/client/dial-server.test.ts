import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstReachable, parseServers } from '../../src/client/dial-server.ts'
import type { ClusterSettings } from '../../src/client/settings.ts'
import { freePort } from '../helpers/free-port.ts'

const settings = (bootstrapServers: string): ClusterSettings => ({
  cluster: 'target',
  bootstrapServers,
  clientId: 'test',
  security: { protocol: 'PLAINTEXT', verifyHostname: true },
  properties: {}
})

describe('bootstrap servers', () => {
  it.each([
    ['a:1', 'a', 1],
    ['a', 'a', 9092],
    ['[::1]:9093', '::1', 9093],
    ['[fe80::2]', 'fe80::2', 9092],
    ['SASL_SSL://kafka.example:9094', 'kafka.example', 9094]
  ])('%s', (text, host, port) => {
    expect(parseServers({ bootstrapServers: text })).toEqual([{ text, host, port }])
  })

  it('a list may have blanks and a comma too many', () => {
    expect(parseServers({ bootstrapServers: ' a:1 , b:2,' }).map(({ text }) => text)).toEqual(['a:1', 'b:2'])
  })
})

describe('the first server that answers', () => {
  let listener: Server
  let open: string
  let closed: string

  beforeAll(async () => {
    closed = `127.0.0.1:${await freePort()}`
    const port = await freePort()
    open = `127.0.0.1:${port}`
    listener = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve))
  })
  afterAll(() => listener.close())

  it('is found behind one that is down', async () => {
    await expect(firstReachable(settings(`${closed},${open}`), {})).resolves.toMatchObject({ text: open })
  })

  it('a port on which nobody listens is a TCP failure that names the server', async () => {
    await expect(firstReachable(settings(closed), {})).rejects.toMatchObject({
      code: 'MR_TCP_FAILED',
      place: { cluster: 'target', broker: closed }
    })
  })

  it('a name that nobody knows is a DNS failure', async () => {
    await expect(firstReachable(settings('no-such-host.invalid:9092'), {})).rejects.toMatchObject({
      code: 'MR_DNS_FAILED'
    })
  })

  it('no server at all is a mistake in the configuration', async () => {
    await expect(firstReachable(settings(' , '), {})).rejects.toMatchObject({ code: 'MR_CLIENT_CONFIGURATION' })
  })

  it('can be given up', async () => {
    await expect(firstReachable(settings(open), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'MR_CANCELLED'
    })
  })
})
