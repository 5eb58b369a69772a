import { lookup } from 'node:dns/promises'
import { connect, type Socket } from 'node:net'
import { MillraceError, type ErrorKind, type ErrorPlace } from '../model/millrace-error.ts'
import type { Addon } from './addon-types.ts'
import { probeConfiguration } from './client-configuration.ts'
import { ClientEvents } from './client-events.ts'
import { closeHandle, openHandle, readMetadata } from './connect-handle.ts'
import { cancelled, failureOf, type RdkafkaFailure } from './client-errors.ts'
import { ErrorCode, errorKind, errorName } from './error-codes.ts'
import { checkFeatures, loadAddon } from './load-addon.ts'
import type { NativeProducer } from './node-rdkafka-binding.ts'
import type { ClusterSettings, ConnectOptions } from './settings.ts'
import type { ConnectionProbe } from './types.ts'

/** How far a connection came. */
export type ConnectionStage = 'dns' | 'tcp' | 'tls' | 'authentication' | 'protocol' | 'metadata'

const DIAL_TIMEOUT_MS = 5_000
const HANDSHAKE_TIMEOUT_MS = 10_000
const SLICE_MS = 200

interface Server {
  readonly host: string
  readonly port: number
  /** As configured. */
  readonly text: string
}

/**
 * The first thing that touches a cluster: one connection, one authentication attempt, whatever comes of it.
 *
 * Names are resolved and ports dialled beforehand, server by server, without credentials; the first server that
 * answers gets the attempt. So the stage of a failure is known from where it happened.
 */
export async function probeConnection(
  settings: ClusterSettings,
  options: ConnectOptions = {}
): Promise<ConnectionProbe> {
  const { addon, binding } = loadAddon()
  const startedAt = performance.now()
  const server = await firstReachable(settings, options)
  const place: ErrorPlace = { cluster: settings.cluster, broker: server.text }
  const configuration = probeConfiguration(settings, server.text)
  checkFeatures(addon, configuration)
  const events = new ClientEvents()
  const handle = new binding.Producer(configuration, {})
  handle.configureCallbacks(true, { global: {}, topic: {}, event: { event_cb: events.onNative } })
  await openHandle(handle, place)
  const pump = addon.attachProducer(handle)
  pump.onEvent(events.onError)
  try {
    const answer = await attempt(handle, events, place, options)
    if (!('brokers' in answer)) throw stageError(stageOf(answer), answer, settings, place)
    const { brokers } = answer
    const clusterId = await readClusterId(addon, handle)
    return { clusterId, brokers, milliseconds: Math.round(performance.now() - startedAt) }
  } finally {
    await new Promise<void>((resolve) => {
      pump.close(0, () => resolve())
    })
    await closeHandle(handle)
    events.complete()
  }
}

async function attempt(
  handle: NativeProducer,
  events: ClientEvents,
  place: ErrorPlace,
  options: ConnectOptions
): Promise<RdkafkaFailure | { readonly brokers: ConnectionProbe['brokers'] }> {
  let failed: (failure: RdkafkaFailure) => void
  const failure = new Promise<RdkafkaFailure>((resolve) => {
    failed = resolve
  })
  const subscription = events.stream.subscribe((event) => {
    // The first error is the reason; there is no second attempt that could end otherwise.
    if (event.type === 'error' && event.code !== ErrorCode.allBrokersDown) {
      failed({ code: event.code, text: event.text })
    }
  })
  const deadline = Date.now() + HANDSHAKE_TIMEOUT_MS
  try {
    for (;;) {
      if (options.signal?.aborted === true) throw cancelled(place)
      const metadata = readMetadata(handle, { allTopics: false, timeout: SLICE_MS }).catch(failureOf)
      const answer = await Promise.race([failure, metadata])
      if ('brokers' in answer) return answer
      const isFinal = answer.code !== ErrorCode.timedOut && answer.code !== ErrorCode.transport
      if (isFinal || (await isSettled(failure))) return await Promise.race([failure, Promise.resolve(answer)])
      if (Date.now() >= deadline) return { code: ErrorCode.timedOut, text: `no answer in ${HANDSHAKE_TIMEOUT_MS} ms` }
    }
  } finally {
    subscription.unsubscribe()
  }
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending')
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending
}

async function firstReachable(settings: ClusterSettings, options: ConnectOptions): Promise<Server> {
  let failure: MillraceError | undefined
  for (const server of parseServers(settings)) {
    if (options.signal?.aborted === true) throw cancelled({ cluster: settings.cluster, broker: server.text })
    try {
      await dial(server, settings)
      return server
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

async function dial(server: Server, settings: ClusterSettings): Promise<void> {
  const place: ErrorPlace = { cluster: settings.cluster, broker: server.text }
  try {
    await lookup(server.host)
  } catch (error) {
    throw stageError('dns', failureOf({ message: (error as Error).message, code: ErrorCode.resolve }), settings, place)
  }
  const failure = await new Promise<Error | undefined>((resolve) => {
    const socket: Socket = connect({ host: server.host, port: server.port, timeout: DIAL_TIMEOUT_MS })
    const end = (error?: Error): void => {
      socket.destroy()
      resolve(error)
    }
    socket.once('connect', () => end())
    socket.once('error', (error: Error) => end(error))
    socket.once('timeout', () => end(new Error(`no connection within ${DIAL_TIMEOUT_MS} ms`)))
  })
  if (failure !== undefined) {
    throw stageError('tcp', { code: ErrorCode.transport, text: failure.message || String(failure) }, settings, place)
  }
}

/** The port was open a moment ago, so a transport error is a broker that doesn't speak what we speak. */
function stageOf(failure: RdkafkaFailure): ConnectionStage {
  if (errorKind(failure.code) === 'authentication') return 'authentication'
  if (failure.code === ErrorCode.ssl) return 'tls'
  if (failure.code === ErrorCode.timedOut) return 'metadata'
  return 'protocol'
}

const STAGES: Readonly<Record<ConnectionStage, { code: string; kind: ErrorKind; message: string; next: string }>> = {
  dns: {
    code: 'MR_DNS_FAILED',
    kind: 'retry',
    message: "the server's name can't be resolved",
    next: 'Check the host name in bootstrapServers and the DNS of this machine.'
  },
  tcp: {
    code: 'MR_TCP_FAILED',
    kind: 'retry',
    message: 'no TCP connection to the server',
    next: 'Check that the broker runs, the port in bootstrapServers, and firewalls in between.'
  },
  tls: {
    code: 'MR_TLS_FAILED',
    kind: 'configuration',
    message: 'the TLS handshake failed',
    next: 'Check security.caFile, the host name in the certificate of the broker, and the client certificate.'
  },
  authentication: {
    code: 'MR_AUTHENTICATION_FAILED',
    kind: 'authentication',
    message: 'the broker refused the credentials',
    next: 'Check mechanism, user name and password; nothing is tried again by itself.'
  },
  protocol: {
    code: 'MR_PROTOCOL_FAILED',
    kind: 'configuration',
    message: 'the server is there but does not talk like this Kafka listener should',
    next: 'Check that security.protocol fits the listener of this port, and that it is Kafka 2.7 or later.'
  },
  metadata: {
    code: 'MR_METADATA_FAILED',
    kind: 'retry',
    message: 'the broker took the connection but did not answer',
    next: 'Check security.protocol, and the load and log of this broker.'
  }
}

function stageError(
  stage: ConnectionStage,
  failure: RdkafkaFailure,
  settings: ClusterSettings,
  place: ErrorPlace
): MillraceError {
  const { code, kind, message, next } = STAGES[stage]
  return new MillraceError({
    code,
    kind,
    message: `${message} (${settings.security.protocol}): ${failure.text} (${errorName(failure.code)})`,
    next,
    place
  })
}

const CLUSTER_ID_TIMEOUT_MS = 5_000

/** Goes to the controller, which may be a broker that can't be reached from here: then the id stays unknown. */
async function readClusterId(addon: Addon, handle: NativeProducer): Promise<string | undefined> {
  return new Promise((resolve) => {
    addon.admin(handle, 'describeCluster', {}, CLUSTER_ID_TIMEOUT_MS, (_error, answer) => {
      resolve(answer?.clusterId === '' ? undefined : answer?.clusterId)
    })
  })
}
