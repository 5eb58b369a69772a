import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { MillraceError, type ErrorPlace } from '../model/millrace-error.ts'
import { cancelled } from './client-errors.ts'
import { stageError } from './connection-stage.ts'
import { ErrorCode } from './error-codes.ts'
import type { ClusterSettings, ConnectOptions } from './settings.ts'

const DIAL_TIMEOUT_MS = 5_000

export interface Server {
  readonly host: string
  readonly port: number
  /** As configured. */
  readonly text: string
}

export interface ReachableServer extends Server {
  /** With which a name that stands for several addresses was reached: librdkafka would have to try twice. */
  readonly family: 'v4' | 'v6'
}

/** The first bootstrap server whose name is known and whose port is open. Nothing is said to it. */
export async function firstReachable(settings: ClusterSettings, options: ConnectOptions): Promise<ReachableServer> {
  let failure: MillraceError | undefined
  for (const server of parseServers(settings)) {
    if (options.signal?.aborted === true) throw cancelled({ cluster: settings.cluster, broker: server.text })
    try {
      return { ...server, family: await dial(server, settings) }
    } catch (error) {
      failure = error as MillraceError
    }
  }
  if (failure !== undefined) throw failure
  throw new MillraceError({
    code: 'MR_CLIENT_CONFIGURATION',
    kind: 'configuration',
    message: 'there is no bootstrap server',
    place: { cluster: settings.cluster, option: `${settings.cluster}.bootstrapServers` }
  })
}

/** `host:port`, `[::1]:9092` or `PROTOCOL://host:port`; 9092 when there is no port. */
export function parseServers(settings: Pick<ClusterSettings, 'bootstrapServers'>): readonly Server[] {
  return settings.bootstrapServers
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((text) => {
      const address = text.replace(/^[A-Za-z_]+:\/\//, '')
      const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(address) ?? []
      return { text, host: bracketed ?? plain ?? address, port: port === undefined ? 9092 : Number(port) }
    })
}

async function dial(server: Server, settings: ClusterSettings): Promise<'v4' | 'v6'> {
  const place: ErrorPlace = { cluster: settings.cluster, broker: server.text }
  try {
    await lookup(server.host)
  } catch (error) {
    throw stageError('dns', { code: ErrorCode.resolve, text: (error as Error).message }, settings, place)
  }
  const answer = await new Promise<'v4' | 'v6' | Error>((resolve) => {
    const socket = connect({ host: server.host, port: server.port, timeout: DIAL_TIMEOUT_MS })
    const end = (result: 'v4' | 'v6' | Error): void => {
      socket.destroy()
      resolve(result)
    }
    socket.once('connect', () => end(socket.remoteFamily === 'IPv6' ? 'v6' : 'v4'))
    socket.once('error', (error: Error) => end(error))
    socket.once('timeout', () => end(new Error(`no connection within ${DIAL_TIMEOUT_MS} ms`)))
  })
  if (!(answer instanceof Error)) return answer
  // Several addresses that failed make an AggregateError, whose own message is empty.
  const text = answer.message === '' ? ((answer as NodeJS.ErrnoException).code ?? String(answer)) : answer.message
  throw stageError('tcp', { code: ErrorCode.transport, text }, settings, place)
}
