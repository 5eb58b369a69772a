import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isInstalled } from '../../benchmarks/harness/is-installed.ts'
import { OPEN_LINK, startLink, type Link } from '../../benchmarks/harness/start-link.ts'

// A busy machine carries 20 MB twice in more than five seconds.
const TIMEOUT_MS = 60_000

describe.skipIf(!(await isInstalled('cc')))('a link', { timeout: TIMEOUT_MS }, () => {
  let directory: string
  let server: Server
  let link: Link

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-link-'))
    server = createServer((socket) => socket.pipe(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    link = await startLink(directory, (server.address() as AddressInfo).port)
  }, TIMEOUT_MS)

  afterAll(async () => {
    await link.stop()
    server.close()
    await rm(directory, { recursive: true, force: true })
  })

  async function open(): Promise<Socket> {
    const socket = connect(link.port, '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }

  async function echo(socket: Socket, sent: Buffer): Promise<Buffer> {
    const received: Buffer[] = []
    let length = 0
    const all = new Promise<Buffer>((resolve) => {
      socket.on('data', (data: Buffer) => {
        received.push(data)
        length += data.length
        if (length >= sent.length) resolve(Buffer.concat(received))
      })
    })
    socket.write(sent)
    const answer = await all
    socket.removeAllListeners('data')
    return answer
  }

  it('carries bytes as they are, also around the end of its ring', async () => {
    await link.set({ ...OPEN_LINK, windowBytes: 300_000 })
    const sent = Buffer.alloc(20 * 1024 * 1024)
    for (let i = 0; i < sent.length; i += 4) sent.writeUInt32LE(i, i)
    const socket = await open()
    expect((await echo(socket, sent)).equals(sent)).toBe(true)
    socket.destroy()
  })

  it('delays each direction', async () => {
    await link.set({ ...OPEN_LINK, delayMs: 40 })
    const socket = await open()
    const began = performance.now()
    await echo(socket, Buffer.from('x'))
    expect(performance.now() - began).toBeGreaterThanOrEqual(80)
    socket.destroy()
  })

  it('keeps to its rate', async () => {
    await link.set({ delayMs: 0, bytesPerSecond: 10e6, windowBytes: 256 * 1024 })
    const socket = await open()
    const began = performance.now()
    await echo(socket, Buffer.alloc(2_000_000))
    expect(performance.now() - began).toBeGreaterThanOrEqual(190)
    socket.destroy()
  })

  it('lets no more than the window be on its way', async () => {
    await link.set({ delayMs: 50, bytesPerSecond: Infinity, windowBytes: 100_000 })
    const socket = await open()
    const began = performance.now()
    // Four windows that way: each needs the round trip of 100 ms until there is room again.
    await echo(socket, Buffer.alloc(400_000))
    expect(performance.now() - began).toBeGreaterThanOrEqual(400)
    socket.destroy()
  })

  it('passes on that a side has ended', async () => {
    await link.set(OPEN_LINK)
    const socket = await open()
    socket.end()
    await once(socket.resume(), 'end')
    socket.destroy()
  })

  it('counts what it carries', async () => {
    await link.set(OPEN_LINK)
    const before = await link.carried()
    const socket = await open()
    await echo(socket, Buffer.alloc(1000))
    const after = await link.carried()
    expect([after.toTarget - before.toTarget, after.back - before.back]).toEqual([1000, 1000])
    socket.destroy()
  })
})
