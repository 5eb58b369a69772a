export interface ServerAddress {
  readonly host: string
  readonly port: number
}

const DEFAULT_PORT = 9092

/** The addresses in `bootstrapServers`, as librdkafka reads them: `[protocol://]host[:port]`, separated by commas. */
export function bootstrapAddresses(servers: string): ServerAddress[] {
  return servers
    .split(',')
    .map((server) => server.trim().replace(/^[A-Za-z_]+:\/\//, ''))
    .filter((server) => server !== '')
    .map((server) => {
      const bracketed = /^\[(?<host>[^\]]+)\](?::(?<port>\d+))?$/.exec(server)?.groups
      const plain = /^(?<host>[^:]+)(?::(?<port>\d+))?$/.exec(server)?.groups
      const { host = server, port } = bracketed ?? plain ?? {}
      return { host, port: port === undefined ? DEFAULT_PORT : Number(port) }
    })
}

export function addressName({ host, port }: ServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
