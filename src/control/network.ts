import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import type { ServerAddress } from './bootstrap-servers.ts'

/** What a connectivity check asks of the network itself. */
export interface Network {
  /** The addresses of a host name, found the way librdkafka finds them (getaddrinfo). Rejects when there are none. */
  resolve(host: string): Promise<readonly string[]>
  /** Opens a TCP connection and closes it at once. Rejects when it can't be opened in time. */
  reach(address: ServerAddress, timeoutMs: number): Promise<void>
}

export const network: Network = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  reach: ({ host, port }, timeoutMs) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, timeout: timeoutMs })
      socket.once('connect', () => {
        socket.destroy()
        resolve()
      })
      socket.once('timeout', () => {
        socket.destroy()
        reject(new Error(`no answer within ${timeoutMs} ms`))
      })
      socket.once('error', (error) => {
        socket.destroy()
        reject(error)
      })
    })
}
