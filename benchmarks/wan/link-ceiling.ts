import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OPEN_LINK, startLink, type LinkQuality } from '../harness/start-link.ts'

const SECONDS = 2
/** The pipe is full, and full of what was written after the start. */
const WARM_UP_MS = 500
const CHUNK_BYTES = 256 * 1024

/** What a link with this delay and window carries on one connection if nothing limits it, in bytes per second. */
export async function linkCeiling(quality: LinkQuality): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-link-'))
  const server = createServer((socket) => socket.resume().on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const link = await startLink(directory, (server.address() as AddressInfo).port)
  try {
    await link.set({ ...quality, bytesPerSecond: OPEN_LINK.bytesPerSecond })
    const socket = connect(link.port, '127.0.0.1')
    await once(socket, 'connect')
    const chunk = Buffer.alloc(CHUNK_BYTES)
    const write = (): void => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.on('drain', write)
    write()
    await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS))
    const began = performance.now()
    const before = (await link.carried()).toTarget
    await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000))
    const carried = (await link.carried()).toTarget - before
    const seconds = (performance.now() - began) / 1000
    socket.destroy()
    return carried / seconds
  } finally {
    await link.stop()
    server.close()
    await rm(directory, { recursive: true, force: true })
  }
}
