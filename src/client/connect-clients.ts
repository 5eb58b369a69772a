import type { Addon, AddonConsumer, AddonProducer } from './addon-types.ts'
import type { ClientEvents } from './client-events.ts'
import { awaitBroker, closeHandle, openHandle } from './connect-handle.ts'
import type { NativeConsumer, NativeProducer } from './node-rdkafka-binding.ts'
import type { ClusterSettings, ConnectOptions } from './settings.ts'

/** How long one poll of a connecting consumer may hold back a connect that has succeeded. */
const SERVE_MS = 50

/** Connects a producer handle and attaches the addon; frees both when no broker answers. */
export async function connectProducer(
  handle: NativeProducer,
  events: ClientEvents,
  settings: ClusterSettings,
  options: ConnectOptions,
  addon: Addon
): Promise<AddonProducer> {
  await openHandle(handle, { cluster: settings.cluster })
  const attached = addon.attachProducer(handle)
  attached.onEvent(events.onError)
  try {
    await awaitBroker(handle, events, settings, options)
    return attached
  } catch (error) {
    await new Promise<void>((resolve) => {
      attached.close(0, () => resolve())
    })
    await closeHandle(handle)
    throw error
  }
}

/** Likewise a consumer handle. Only polling serves its events, so it is polled while it connects. */
export async function connectConsumer(
  handle: NativeConsumer,
  events: ClientEvents,
  settings: ClusterSettings,
  options: ConnectOptions,
  addon: Addon
): Promise<AddonConsumer> {
  await openHandle(handle, { cluster: settings.cluster })
  const attached = addon.attachConsumer(handle)
  attached.onEvent(events.onError)
  const connected = new AbortController()
  const serving = serve(attached, events, connected.signal)
  try {
    await awaitBroker(handle, events, settings, options)
    connected.abort()
    await serving
    return attached
  } catch (error) {
    connected.abort()
    await serving
    await new Promise<void>((resolve) => {
      attached.close(() => resolve())
    })
    await closeHandle(handle)
    throw error
  }
}

/** Goes on serving a consumer handle that reads nothing, until it is closed. */
export function keepServing(consumer: AddonConsumer, events: ClientEvents): { close(): Promise<void> } {
  const ended = new AbortController()
  const serving = serve(consumer, events, ended.signal)
  return {
    async close() {
      ended.abort()
      await serving
      await new Promise<void>((resolve) => {
        consumer.close(() => resolve())
      })
    }
  }
}

/** Without a subscription there is nothing to poll but errors. */
async function serve(consumer: AddonConsumer, events: ClientEvents, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    await new Promise<void>((resolve) => {
      consumer.poll(1, 1, SERVE_MS, (_error, answer) => {
        for (const error of answer?.errors ?? []) events.onError(error)
        resolve()
      })
    })
  }
}
