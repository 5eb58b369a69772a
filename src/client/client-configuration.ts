import { RECORD_OVERHEAD_BYTES } from '../model/batch.ts'
import type {
  ClusterSettings,
  ConsumerSettings,
  LoaderSettings,
  ProducerSettings,
  SecuritySettings
} from './settings.ts'

/** Properties of librdkafka (CONFIGURATION.md of 2.12). */
export type Configuration = Record<string, string | number | boolean>

/** librdkafka's properties of topics, less those that both levels have. */
const TOPIC_PROPERTIES: ReadonlySet<string> = new Set([
  'acks',
  'request.required.acks',
  'request.timeout.ms',
  'message.timeout.ms',
  'delivery.timeout.ms',
  'queuing.strategy',
  'partitioner',
  'compression.level',
  'auto.offset.reset'
])

/**
 * node-rdkafka replaces the default topic configuration of the handle with its constructor's second argument, so a
 * topic property among the others is lost without a word: `auto.offset.reset` would be `latest` again.
 */
export function byLevel(configuration: Configuration): {
  readonly client: Configuration
  readonly topic: Configuration
} {
  const entries = Object.entries(configuration)
  return {
    client: Object.fromEntries(entries.filter(([name]) => !TOPIC_PROPERTIES.has(name))),
    topic: Object.fromEntries(entries.filter(([name]) => TOPIC_PROPERTIES.has(name)))
  }
}

/*
 * Three layers, the later wins: what we recommend, what the user wrote, what we own. Owned properties are what the
 * guarantees hang on: a user's value was refused before it came here, and is overruled here all the same.
 */

export function consumerConfiguration(settings: ConsumerSettings): Configuration {
  return {
    ...recommended(settings),
    // 1 s by default, in which a full queue stalls a partition; 0 would burn a core per broker thread.
    'fetch.queue.backoff.ms': 2,
    'fetch.wait.max.ms': 100,
    'session.timeout.ms': 10_000,
    'heartbeat.interval.ms': 3_000,
    'max.poll.interval.ms': 300_000,
    // A broken batch is an error of its partition, and not handed on as it is.
    'check.crcs': true,
    'max.partition.fetch.bytes': Math.min(1_048_576, settings.fetchMaxBytes),
    ...(settings.metadataRefreshMs === undefined
      ? {}
      : { 'topic.metadata.refresh.interval.ms': settings.metadataRefreshMs }),
    ...settings.properties,
    ...owned(settings),
    'group.id': settings.groupId,
    ...(settings.groupInstanceId === undefined ? {} : { 'group.instance.id': settings.groupInstanceId }),
    'partition.assignment.strategy': 'cooperative-sticky',
    'isolation.level': 'read_committed',
    'enable.partition.eof': true,
    // Positions and commits are ours alone: librdkafka's own resets and stores lose records silently.
    'auto.offset.reset': 'error',
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    'queued.max.messages.kbytes': settings.queuedMaxKbytes,
    // The kilobytes count payload alone; this bounds what each queued record costs beyond it.
    'queued.min.messages': Math.max(1_000, Math.floor((settings.queuedMaxKbytes * 1024) / RECORD_OVERHEAD_BYTES)),
    'fetch.max.bytes': settings.fetchMaxBytes
  }
}

export function producerConfiguration(settings: ProducerSettings): Configuration {
  return {
    ...recommended(settings),
    'linger.ms': 5,
    'batch.size': 1_000_000,
    'batch.num.messages': 100_000,
    ...settings.properties,
    ...owned(settings),
    acks: 'all',
    'enable.idempotence': true,
    // A record that is refused for good must not be overtaken by its followers.
    'enable.gapless.guarantee': settings.gapless ?? true,
    // A time-out would make a gap. 0 = never.
    'message.timeout.ms': 0,
    // What the target's max.message.bytes is compared with is the broker's business: it counts compressed bytes, we
    // could only count uncompressed ones.
    'message.max.bytes': 1_000_000_000,
    // After a topic was created or has grown, sends to the new partitions fail until the client knows them.
    'topic.metadata.refresh.interval.ms': 30_000,
    'queue.buffering.max.messages': settings.queueMaxMessages,
    'queue.buffering.max.kbytes': settings.queueMaxKbytes,
    ...(settings.batchSizeBytes === undefined ? {} : { 'batch.size': settings.batchSizeBytes })
  }
}

/** Not idempotent: that needs a permission of its own before Kafka 2.8, and a generated record may come twice. */
export function loaderConfiguration(settings: LoaderSettings): Configuration {
  return {
    ...adminConfiguration(settings),
    acks: 'all',
    'linger.ms': settings.lingerMs,
    'batch.size': 1_000_000,
    'batch.num.messages': 100_000,
    'queue.buffering.max.messages': 200_000,
    'queue.buffering.max.kbytes': settings.queueMaxKbytes,
    'message.timeout.ms': 60_000,
    // A report of each success would cost more than the record.
    'delivery.report.only.error': true
  }
}

/** A producer handle, because it belongs to no group; nothing is ever produced with it. */
export function adminConfiguration(settings: ClusterSettings): Configuration {
  return { ...recommended(settings), ...connectionProperties(settings.properties), ...owned(settings) }
}

/** One server, and no second attempt within any time that we wait. */
export function probeConfiguration(
  settings: ClusterSettings,
  server: { readonly text: string; readonly family: 'v4' | 'v6' }
): Configuration {
  return {
    ...adminConfiguration(settings),
    'bootstrap.servers': server.text,
    'broker.address.family': server.family,
    'reconnect.backoff.ms': 60_000,
    'reconnect.backoff.max.ms': 60_000,
    'topic.metadata.refresh.interval.ms': -1,
    'statistics.interval.ms': 0
  }
}

function recommended(settings: ClusterSettings): Configuration {
  return {
    'client.id': settings.clientId,
    'socket.keepalive.enable': true,
    'socket.nagle.disable': true,
    // Between the first refused password and our closing the client there must be no time for a second attempt.
    'reconnect.backoff.ms': 500,
    'reconnect.backoff.max.ms': 10_000
  }
}

function owned(settings: ClusterSettings): Configuration {
  return {
    'bootstrap.servers': settings.bootstrapServers,
    ...securityConfiguration(settings.security),
    // Asking for metadata must never make a topic.
    'allow.auto.create.topics': false,
    'statistics.interval.ms': settings.statisticsIntervalMs ?? 0
  }
}

/** What the user wrote about connections; the rest is about records, which an admin handle never sees. */
function connectionProperties(properties: ClusterSettings['properties']): Configuration {
  const prefixes = [
    'ssl.',
    'sasl.',
    'socket.',
    'broker.',
    'security.',
    'client.',
    'api.',
    'enable.ssl',
    'enable.sasl',
    'resolve.'
  ]
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))
  )
}

/** Only what is set: mechanisms that come as properties (GSSAPI, OAUTHBEARER) must not be overruled by nothing. */
function securityConfiguration(security: SecuritySettings): Configuration {
  const passThrough = security.protocol === 'PLAINTEXT' && security.mechanism === undefined
  const entries: [string, string | undefined][] = [
    ['security.protocol', passThrough ? undefined : security.protocol.toLowerCase()],
    ['sasl.mechanism', security.mechanism],
    ['sasl.username', security.username],
    ['sasl.password', security.password],
    ['ssl.ca.location', security.caFile],
    ['ssl.certificate.location', security.certificateFile],
    ['ssl.key.location', security.keyFile],
    ['ssl.key.password', security.keyPassword],
    [
      'ssl.endpoint.identification.algorithm',
      security.protocol.endsWith('SSL') ? (security.verifyHostname ? 'https' : 'none') : undefined
    ]
  ]
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
