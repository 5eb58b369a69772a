import type { ErrorPlace } from '../model/millrace-error.ts'
import { AnswerSlices } from './answer-slices.ts'
import { byLevel, probeConfiguration } from './client-configuration.ts'
import { ClientEvents } from './client-events.ts'
import { stageError, stageOf } from './connection-stage.ts'
import { closeHandle, openHandle, pause, readMetadata } from './connect-handle.ts'
import { cancelled, failureOf, type RdkafkaFailure } from './client-errors.ts'
import { firstReachable } from './dial-server.ts'
import { ErrorCode } from './error-codes.ts'
import { FirstFailure } from './first-failure.ts'
import type { Addon } from './addon-types.ts'
import { checkFeatures, loadAddon } from './load-addon.ts'
import type { NativeProducer } from './node-rdkafka-binding.ts'
import type { ClusterSettings, ConnectOptions } from './settings.ts'
import type { ConnectionProbe } from './types.ts'

const HANDSHAKE_TIMEOUT_MS = 10_000
/** The first answer may come earlier than an answer to a question of ours. Some brokers do not say what it tells. */
const ASK_AFTER_MS = 1_000
const LOOK_MS = 5

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
  const configuration = probeConfiguration(settings, server)
  checkFeatures(addon, configuration)
  const events = new ClientEvents()
  const { client, topic } = byLevel(configuration)
  const handle = new binding.Producer(client, topic)
  handle.configureCallbacks(true, { global: {}, topic: {}, event: { event_cb: events.onNative } })
  await openHandle(handle, place)
  const pump = addon.attachProducer(handle)
  pump.onEvent(events.onError)
  try {
    const answer = await attempt(handle, addon, events, place, options)
    if (!('clusterId' in answer)) throw stageError(stageOf(answer), answer, settings, place)
    return { ...answer, milliseconds: Math.round(performance.now() - startedAt) }
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
  addon: Pick<Addon, 'clusterId'>,
  events: ClientEvents,
  place: ErrorPlace,
  options: ConnectOptions
): Promise<RdkafkaFailure | Pick<ConnectionProbe, 'clusterId'>> {
  const said = new FirstFailure(events)
  const { signal } = options
  const deadline = Date.now() + HANDSHAKE_TIMEOUT_MS
  try {
    const told = await awaitClusterId(handle, addon, said, signal)
    if (told !== undefined) return told
    const slices = new AnswerSlices(deadline)
    for (;;) {
      if (signal?.aborted === true) throw cancelled(place)
      const metadata = readMetadata(handle, { allTopics: false, timeout: slices.next() }).catch(failureOf)
      const answer = await Promise.race([said.failure, metadata])
      if ('brokers' in answer) return { clusterId: addon.clusterId(handle) }
      slices.failed(answer.code)
      const isOver = answer.code !== ErrorCode.timedOut && answer.code !== ErrorCode.transport
      if (isOver || said.isOver) return await Promise.race([said.failure, Promise.resolve(answer)])
      if (Date.now() >= deadline) return { code: ErrorCode.timedOut, text: `no answer in ${HANDSHAKE_TIMEOUT_MS} ms` }
    }
  } finally {
    said.stop()
  }
}

/**
 * What librdkafka is told over its first connection is enough. To ask anything it opens another one, to a broker that it
 * was told of, and not before half of `reconnect.backoff.ms`, 1 s at most, has passed since the first
 * (`sparse_connect_intvl` of 2.12).
 */
async function awaitClusterId(
  handle: NativeProducer,
  addon: Pick<Addon, 'clusterId'>,
  said: FirstFailure,
  signal: AbortSignal | undefined
): Promise<RdkafkaFailure | Pick<ConnectionProbe, 'clusterId'> | undefined> {
  const until = Date.now() + ASK_AFTER_MS
  while (signal?.aborted !== true && Date.now() < until) {
    const clusterId = addon.clusterId(handle)
    if (clusterId !== undefined) return { clusterId }
    const failure = await Promise.race([said.failure, pause(LOOK_MS)])
    if (failure !== undefined) return failure
  }
  return undefined
}
