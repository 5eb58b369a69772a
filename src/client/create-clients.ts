import { MillraceError } from '../model/millrace-error.ts'
import type { OpenHandle } from './admin-handle.ts'
import {
  adminConfiguration,
  byLevel,
  consumerConfiguration,
  loaderConfiguration,
  producerConfiguration
} from './client-configuration.ts'
import type { Configuration } from './client-configuration.ts'
import { BrokerKeeper } from './broker-keeper.ts'
import { ClientEvents } from './client-events.ts'
import { connectConsumer, connectProducer, keepServing } from './connect-clients.ts'
import { GroupRebalances } from './group-rebalances.ts'
import { KafkaAdmin } from './kafka-admin.ts'
import { KafkaConsumer } from './kafka-consumer.ts'
import { KafkaLoader } from './kafka-loader.ts'
import { KafkaProducer } from './kafka-producer.ts'
import { checkConsumerFeatures, checkFeatures, loadAddon } from './load-addon.ts'
import type { NativeWriter } from './node-rdkafka-binding.ts'
import type {
  AdminSettings,
  ClusterSettings,
  ConnectOptions,
  ConsumerSettings,
  LoaderSettings,
  ProducerSettings
} from './settings.ts'
import type { BatchConsumer, BatchProducer, ClusterAdmin, RecordLoader } from './types.ts'

export { probeConnection } from './probe-connection.ts'
export { processMemory } from './process-memory.ts'

const ADMIN_REQUEST_TIMEOUT_MS = 30_000

/** A member of the source group, connected but not subscribed. */
export async function createConsumer(settings: ConsumerSettings, options: ConnectOptions = {}): Promise<BatchConsumer> {
  const { addon, binding, events, callbacks, client, topic } = prepare(consumerConfiguration(settings))
  checkConsumerFeatures(addon)
  const rebalances = new GroupRebalances(events)
  const rebalancing = { rebalance_cb: rebalances.onNative }
  const handle = construct(settings, () => new binding.KafkaConsumer(Object.assign({ ...client }, rebalancing), topic))
  rebalances.handle = handle
  handle.configureCallbacks(true, { ...callbacks, global: rebalancing })
  const attached = await connectConsumer(handle, events, settings, options, addon)
  rebalances.isLost = () => attached.assignmentLost()
  return new KafkaConsumer({
    handle,
    addon: attached,
    events,
    keeper: new BrokerKeeper(handle, addon, events, settings.bootstrapServers),
    rebalances: rebalances.answers,
    cluster: settings.cluster,
    giveUpRebalances: () => rebalances.giveUp()
  })
}

export async function createProducer(settings: ProducerSettings, options: ConnectOptions = {}): Promise<BatchProducer> {
  const parts = prepare(producerConfiguration(settings))
  const opened = await openProducer(parts, settings, options)
  return new KafkaProducer({ ...opened, events: parts.events, cluster: settings.cluster })
}

/**
 * With a group the handle is a consumer's that never subscribes, without one a producer's: a consumer without a group
 * can't be made, and a group is not everywhere allowed.
 */
export async function createAdmin(settings: AdminSettings, options: ConnectOptions = {}): Promise<ClusterAdmin> {
  const { cluster, groupId } = settings
  const group: Configuration = groupId === undefined ? {} : { 'group.id': groupId }
  const parts = prepare({ ...adminConfiguration(settings), ...group })
  const open = groupId === undefined ? openForCluster : openForGroup
  return new KafkaAdmin({
    opened: await open(parts, settings, options),
    // Brokers were there a moment ago: nothing is gained by waiting for them.
    open: async () => await open(parts, { ...settings, connectTimeoutMs: 0 }, options),
    addon: parts.addon,
    events: parts.events,
    cluster,
    groupId,
    requestTimeoutMs: ADMIN_REQUEST_TIMEOUT_MS
  })
}

/** Connects by itself while it writes: whoever uses it has reached the cluster before. */
export async function createLoader(settings: LoaderSettings): Promise<RecordLoader> {
  const { binding, client, topic } = prepare(loaderConfiguration(settings))
  const handle = construct(settings, () => new binding.Producer(client, topic)) as NativeWriter
  return await KafkaLoader.open(handle, settings.cluster)
}

/** Batches of this process that were forgotten without being sent or released; their records were freed. */
export function leakedBatches(): number {
  return loadAddon().addon.counters().batchesLeaked
}

type ClientParts = ReturnType<typeof prepare>

/** What a client is made of before it is opened, and as often as it is. */
function prepare(configuration: Configuration) {
  const { addon, binding } = loadAddon()
  checkFeatures(addon, configuration)
  const events = new ClientEvents()
  const callbacks = { global: {}, topic: {}, event: { event_cb: events.onNative } }
  return { addon, binding, events, callbacks, ...byLevel(configuration) }
}

async function openProducer(parts: ClientParts, settings: ClusterSettings, options: ConnectOptions) {
  const { addon, binding, events, callbacks, client, topic } = parts
  const handle = construct(settings, () => new binding.Producer({ ...client }, topic))
  handle.configureCallbacks(true, callbacks)
  const attached = await connectProducer(handle, events, settings, options, addon)
  return { handle, addon: attached, keeper: new BrokerKeeper(handle, addon, events, settings.bootstrapServers) }
}

async function openForCluster(
  parts: ClientParts,
  settings: AdminSettings,
  options: ConnectOptions
): Promise<OpenHandle> {
  const { handle, addon, keeper } = await openProducer(parts, settings, options)
  return {
    handle,
    keeper,
    pump: { close: async () => new Promise<void>((resolve) => addon.close(0, () => resolve())) }
  }
}

async function openForGroup(parts: ClientParts, settings: AdminSettings, options: ConnectOptions): Promise<OpenHandle> {
  const { addon, binding, events, callbacks, client, topic } = parts
  const handle = construct(settings, () => new binding.KafkaConsumer({ ...client }, topic))
  handle.configureCallbacks(true, callbacks)
  const pump = keepServing(await connectConsumer(handle, events, settings, options, addon), events)
  return { handle, keeper: new BrokerKeeper(handle, addon, events, settings.bootstrapServers), pump }
}

/** node-rdkafka checks names and values of properties in the constructor. */
function construct<T>(settings: ClusterSettings, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    throw new MillraceError({
      code: 'MR_CLIENT_CONFIGURATION',
      kind: 'configuration',
      message: `librdkafka refuses this configuration: ${cause instanceof Error ? cause.message : String(cause)}`,
      next: `Correct \`${settings.cluster}.properties\` or \`${settings.cluster}.security\`.`,
      place: { cluster: settings.cluster }
    })
  }
}
