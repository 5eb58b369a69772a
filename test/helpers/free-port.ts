import { createServer } from 'node:net'

// Below the range from which the kernel takes ports of outgoing connections: a broker that is down for a while finds its port free again.
const LOWEST = 20_000
const HIGHEST = 32_000

/** A TCP port of 127.0.0.1 on which nobody listens. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await canListen(port)) return port
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`)
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
