import type { ConfigEntry } from '../client/types.ts'

/** Effective configuration of a topic, by Kafka's topic-level names. */
export type TopicConfigs = ReadonlyMap<string, string>

/** Kafka's own default of `max.message.bytes`, for a cluster that does not show its configuration. */
export const LARGEST_MESSAGE_BY_DEFAULT = 1_048_588

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/**
 * Where a broker's configuration holds the default of a topic's: the first name that is set counts, in the unit given
 * (org.apache.kafka.server.config.ServerTopicConfigSynonyms, and LogConfig.extractLogConfigMap for 2.7).
 */
const BROKER_NAMES: Readonly<Record<string, readonly (readonly [name: string, unit: number])[]>> = {
  'cleanup.policy': [['log.cleanup.policy', 1]],
  'compression.type': [['compression.type', 1]],
  'delete.retention.ms': [['log.cleaner.delete.retention.ms', 1]],
  'index.interval.bytes': [['log.index.interval.bytes', 1]],
  'max.compaction.lag.ms': [['log.cleaner.max.compaction.lag.ms', 1]],
  'max.message.bytes': [['message.max.bytes', 1]],
  'message.format.version': [['log.message.format.version', 1]],
  'message.timestamp.after.max.ms': [['log.message.timestamp.after.max.ms', 1]],
  'message.timestamp.before.max.ms': [['log.message.timestamp.before.max.ms', 1]],
  'message.timestamp.difference.max.ms': [['log.message.timestamp.difference.max.ms', 1]],
  'message.timestamp.type': [['log.message.timestamp.type', 1]],
  'min.cleanable.dirty.ratio': [['log.cleaner.min.cleanable.ratio', 1]],
  'min.compaction.lag.ms': [['log.cleaner.min.compaction.lag.ms', 1]],
  'min.insync.replicas': [['min.insync.replicas', 1]],
  'retention.bytes': [['log.retention.bytes', 1]],
  'retention.ms': [
    ['log.retention.ms', 1],
    ['log.retention.minutes', MINUTE_MS],
    ['log.retention.hours', HOUR_MS]
  ],
  'segment.bytes': [['log.segment.bytes', 1]],
  'segment.index.bytes': [['log.index.size.max.bytes', 1]],
  'segment.jitter.ms': [
    ['log.roll.jitter.ms', 1],
    ['log.roll.jitter.hours', HOUR_MS]
  ],
  'segment.ms': [
    ['log.roll.ms', 1],
    ['log.roll.hours', HOUR_MS]
  ]
}

export function topicConfigs(entries: ReadonlyMap<string, ConfigEntry>): TopicConfigs {
  const configs = new Map<string, string>()
  for (const [name, { value }] of entries) if (value !== null) configs.set(name, value)
  return configs
}

/**
 * What a topic made without any configuration gets on the cluster of this broker. A name that is missing here is one
 * that the broker's version does not know.
 */
export function defaultTopicConfigs(broker: ReadonlyMap<string, ConfigEntry>): TopicConfigs {
  const defaults = new Map<string, string>()
  for (const [topicName, brokerNames] of Object.entries(BROKER_NAMES)) {
    for (const [name, unit] of brokerNames) {
      const value = broker.get(name)?.value
      if (value === undefined || value === null || value === '') continue
      const scaled = unit === 1 ? value : String(Number(value) < 0 ? -1 : Number(value) * unit)
      defaults.set(topicName, scaled)
      break
    }
  }
  return defaults
}

/** The rules of a topic that decide what becomes of records, as numbers to compare. */
export interface TopicLimits {
  readonly compacts: boolean
  /** Infinity when nothing is deleted by age. */
  readonly retentionMs: number
  /** Infinity when nothing is deleted by size. */
  readonly retentionBytes: number
  readonly maxMessageBytes: number
  readonly restamps: boolean
  /** How far a record's time may lie before the broker's; Infinity = no limit. */
  readonly beforeMs: number
  /** How far a record's time may lie after the broker's; Infinity = no limit. */
  readonly afterMs: number
  /** Message format 0 or 1 (before Kafka 0.11): no headers, no idempotence. */
  readonly oldFormat: boolean
}

export function topicLimits(configs: TopicConfigs): TopicLimits {
  const policies = cleanupPolicies(configs.get('cleanup.policy'))
  const deletes = policies.has('delete')
  const difference = limit(configs.get('message.timestamp.difference.max.ms'))
  const before = limit(configs.get('message.timestamp.before.max.ms'))
  const after = limit(configs.get('message.timestamp.after.max.ms'))
  return {
    compacts: policies.has('compact'),
    retentionMs: deletes ? limit(configs.get('retention.ms')) : Number.POSITIVE_INFINITY,
    retentionBytes: deletes ? limit(configs.get('retention.bytes')) : Number.POSITIVE_INFINITY,
    maxMessageBytes: limit(configs.get('max.message.bytes')),
    restamps: configs.get('message.timestamp.type') === 'LogAppendTime',
    // Kafka 3.6 to 3.9 know all three; the old name holds where the new one was left alone (KIP-937).
    beforeMs: before === Number.POSITIVE_INFINITY ? difference : before,
    afterMs: after === Number.POSITIVE_INFINITY ? difference : after,
    oldFormat: /^0\.(?:[89]|10)\b/.test(configs.get('message.format.version') ?? '')
  }
}

export function cleanupPolicies(value: string | undefined): ReadonlySet<string> {
  return new Set((value ?? 'delete').split(',').map((policy) => policy.trim()))
}

/** -1, the largest long and "not known" all mean that there is no limit. */
function limit(value: string | undefined): number {
  const number = value === undefined ? -1 : Number(value)
  return number < 0 || number >= Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : number
}
