import type { Subscription } from 'rxjs'
import { MillraceError, type ErrorPlace } from '../model/millrace-error.ts'
import { AnswerSlices } from './answer-slices.ts'
import { cancelled, failureOf, rdkafkaError, type RdkafkaFailure } from './client-errors.ts'
import type { ClientEvents } from './client-events.ts'
import { errorKind } from './error-codes.ts'
import type { NativeError, NativeMetadata, NativeProducer } from './node-rdkafka-binding.ts'
import type { ClusterSettings, ConnectOptions } from './settings.ts'

const DEFAULT_CONNECT_TIMEOUT_MS = 30_000

/** Makes the librdkafka client behind the handle. It connects by itself from now on; nothing is waited for. */
export async function openHandle(handle: NativeProducer, place: ErrorPlace): Promise<void> {
  const error = await new Promise<NativeError | null | undefined>((resolve) => {
    handle.connect(resolve)
  })
  if (error === null || error === undefined) return
  throw new MillraceError({
    code: 'MR_CLIENT_CONFIGURATION',
    kind: 'configuration',
    message: `librdkafka refuses this configuration: ${error.message}`,
    next: 'Correct the security settings or properties of this cluster.',
    place
  })
}

/** Frees the librdkafka client behind the handle. Only after the addon let go of it. */
export async function closeHandle(handle: NativeProducer): Promise<void> {
  await new Promise<void>((resolve) => {
    handle.disconnect(() => resolve())
  })
}

/** The brokers of the cluster, and the partitions of one topic if one is named. */
export async function readMetadata(
  handle: NativeProducer,
  options: { readonly topic?: string; readonly allTopics: boolean; readonly timeout: number }
): Promise<NativeMetadata> {
  return new Promise((resolve, reject) => {
    handle.getMetadata(options, (error, metadata) => {
      if (metadata !== undefined) return resolve(metadata)
      const { code, text } = failureOf(error)
      reject(Object.assign(new Error(text), { code }))
    })
  })
}

/**
 * A broker that is there. Any can describe the cluster and its topics; librdkafka would go to the controller, which may
 * just be elected, not be reachable from here or, in a mock cluster, not exist.
 */
export function answeringBroker({ orig_broker_id: answered, brokers }: NativeMetadata): { readonly brokerId?: number } {
  // Over a bootstrap connection the answering broker is not known by its id.
  const brokerId = answered >= 0 ? answered : brokers[0]?.id
  return brokerId === undefined ? {} : { brokerId }
}

/**
 * Waits until one broker has answered. Rejects at once when credentials are refused, at the deadline with what the
 * brokers said last. The addon must serve the handle's events meanwhile, or nobody hears why.
 */
export async function awaitBroker(
  handle: NativeProducer,
  events: ClientEvents,
  settings: Pick<ClusterSettings, 'bootstrapServers' | 'cluster' | 'connectTimeoutMs'>,
  options: ConnectOptions
): Promise<NativeMetadata | undefined> {
  const timeoutMs = settings.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS
  if (timeoutMs === 0) return undefined
  const place: ErrorPlace = { cluster: settings.cluster, broker: settings.bootstrapServers }
  const deadline = Date.now() + timeoutMs
  const slices = new AnswerSlices(deadline)
  const said = new LastWord(events)
  try {
    for (;;) {
      if (options.signal?.aborted === true) throw cancelled(place)
      const answer = await Promise.race([
        said.refusal,
        readMetadata(handle, { allTopics: false, timeout: slices.next() }).catch(failureOf)
      ])
      if ('brokers' in answer) return answer
      slices.failed(answer.code)
      if (errorKind(answer.code) === 'authentication') throw refused(answer, place)
      if (Date.now() >= deadline) throw unreachable(said.failure ?? answer, timeoutMs, place)
      await pause(20)
    }
  } finally {
    said.stop()
  }
}

/** Listens to a client's errors while it connects: the calls themselves only know "transport failure". */
class LastWord {
  readonly #subscription: Subscription
  readonly refusal: Promise<RdkafkaFailure>
  failure: RdkafkaFailure | undefined

  constructor(events: ClientEvents) {
    let refuse: (failure: RdkafkaFailure) => void
    this.refusal = new Promise((resolve) => {
      refuse = resolve
    })
    this.#subscription = events.stream.subscribe((event) => {
      if (event.type !== 'error') return
      // "All brokers are down" follows on the true reason and says less.
      if (event.name !== '_ALL_BROKERS_DOWN') this.failure = { code: event.code, text: event.text }
      if (event.authentication) refuse({ code: event.code, text: event.text })
    })
  }

  stop(): void {
    this.#subscription.unsubscribe()
  }
}

export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

function refused(failure: RdkafkaFailure, place: ErrorPlace): MillraceError {
  return rdkafkaError('MR_AUTHENTICATION_FAILED', 'the broker refused the credentials', failure, place)
}

function unreachable(failure: RdkafkaFailure, timeoutMs: number, place: ErrorPlace): MillraceError {
  return rdkafkaError('MR_CONNECT_FAILED', `no broker answered within ${timeoutMs} ms`, failure, place)
}
