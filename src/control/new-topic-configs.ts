import { cleanupPolicies, topicLimits, type TopicConfigs } from './topic-configs.ts'

/**
 * What a new target topic takes over from its source besides what is decided below: how its log is kept. Left to the
 * target cluster are its safety against loss of brokers (unclean.leader.election.enable, flush.*), its disks
 * (preallocate, remote.storage.*) and what Kafka itself manages (throttled replicas).
 */
const TAKEN_OVER = [
  'compression.type',
  'delete.retention.ms',
  'index.interval.bytes',
  'max.compaction.lag.ms',
  'min.cleanable.dirty.ratio',
  'min.compaction.lag.ms',
  'segment.bytes',
  'segment.index.bytes',
  'segment.jitter.ms',
  'segment.ms'
]

/** Kafka 4 refuses smaller segments (KIP-1030). */
const SMALLEST_SEGMENT_SINCE_4 = 1_048_576

export interface NewTopicRules {
  /** What a topic gets on the target by itself; undefined when the target does not tell. */
  readonly defaults: TopicConfigs | undefined
  /** Replicas the new topic will have. */
  readonly replicas: number
  /** `topics.create.configs`: the last word. */
  readonly configs: Readonly<Record<string, string>>
}

/**
 * The configuration of a new target topic: that of its sources where the target's defaults differ, in names that the
 * target's version knows. Of several sources the one that keeps longest and allows most decides; for what can't be
 * ordered, the first.
 */
export function newTopicConfigs(sources: readonly TopicConfigs[], rules: NewTopicRules): Record<string, string> {
  const wanted = new Map<string, string>()
  if (sources.length > 0) wantedOf(sources, rules, wanted)
  // Always said, so that a later change of the cluster's default can't restamp what is copied.
  wanted.set('message.timestamp.type', 'CreateTime')

  const configs: Record<string, string> = {}
  for (const [name, value] of [...wanted].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (name === 'message.timestamp.type' || differs(name, value, rules.defaults)) configs[name] = value
  }
  return { ...configs, ...rules.configs }
}

function wantedOf(sources: readonly TopicConfigs[], rules: NewTopicRules, wanted: Map<string, string>): void {
  for (const name of TAKEN_OVER) {
    const value = sources[0]?.get(name)
    if (value !== undefined) wanted.set(name, value)
  }
  const limits = sources.map(topicLimits)
  const compacts = limits.every((source) => source.compacts)
  const deletes = sources.some((source) => cleanupPolicies(source.get('cleanup.policy')).has('delete'))
  wanted.set('cleanup.policy', [compacts ? 'compact' : '', deletes || !compacts ? 'delete' : ''].filter(Boolean).join())
  if (deletes) {
    wanted.set('retention.ms', text(Math.max(...limits.map((source) => source.retentionMs)), '-1'))
    wanted.set('retention.bytes', text(Math.max(...limits.map((source) => source.retentionBytes)), '-1'))
  }
  const maxMessageBytes = Math.max(...limits.map((source) => source.maxMessageBytes))
  if (Number.isFinite(maxMessageBytes)) wanted.set('max.message.bytes', String(maxMessageBytes))
  timestampLimits(Math.max(...limits.map((source) => source.afterMs)), rules.defaults, wanted)

  const inSync = sources[0]?.get('min.insync.replicas')
  if (inSync !== undefined) wanted.set('min.insync.replicas', String(Math.min(Number(inSync), rules.replicas)))
  if (isKafka4(rules.defaults) && Number(wanted.get('segment.bytes')) < SMALLEST_SEGMENT_SINCE_4) {
    wanted.set('segment.bytes', String(SMALLEST_SEGMENT_SINCE_4))
  }
}

/**
 * A copy arrives later than its original did: how old a record may be is not limited at all, how far it may lie in the
 * future as at the source. Before Kafka 3.6 there is one limit for both, so it must be off.
 */
function timestampLimits(afterMs: number, defaults: TopicConfigs | undefined, wanted: Map<string, string>): void {
  wanted.set('message.timestamp.before.max.ms', NO_TIME_LIMIT)
  wanted.set('message.timestamp.after.max.ms', text(afterMs, NO_TIME_LIMIT))
  wanted.set('message.timestamp.difference.max.ms', NO_TIME_LIMIT)
  // Which of them the target knows, only its defaults tell.
  if (defaults === undefined) for (const name of TIME_LIMITS) wanted.delete(name)
}

const TIME_LIMITS = [
  'message.timestamp.after.max.ms',
  'message.timestamp.before.max.ms',
  'message.timestamp.difference.max.ms'
]

const NO_TIME_LIMIT = '9223372036854775807'

function text(value: number, unlimited: string): string {
  return Number.isFinite(value) ? String(value) : unlimited
}

/** Unknown defaults differ from everything; a name that the target does not know can't be set at all. */
function differs(name: string, value: string, defaults: TopicConfigs | undefined): boolean {
  if (defaults === undefined) return true
  const standard = defaults.get(name)
  if (standard === undefined) return false
  if (name === 'cleanup.policy') return !sameSet(cleanupPolicies(standard), cleanupPolicies(value))
  const [a, b] = [Number(standard), Number(value)]
  return Number.isNaN(a) || Number.isNaN(b) ? standard !== value : a !== b
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item))
}

function isKafka4(defaults: TopicConfigs | undefined): boolean {
  return (
    defaults !== undefined &&
    defaults.has('message.timestamp.after.max.ms') &&
    !defaults.has('message.timestamp.difference.max.ms')
  )
}
