import type { AddonAdmin } from './addon-types.ts'
import { ErrorCode } from './error-codes.ts'
import type { ConfigEntry, TopicLookup } from './types.ts'

/** `RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG`: set on the topic itself. */
const DYNAMIC_TOPIC_CONFIG = 1

export function topicLookup(answer: AddonAdmin['describeTopics'][1][number]): TopicLookup {
  if (answer.code !== 0) {
    const reason =
      answer.code === ErrorCode.unknownTopicOrPartition
        ? 'missing'
        : answer.code === ErrorCode.topicAuthorizationFailed
          ? 'unauthorized'
          : 'error'
    return { found: false, reason, text: answer.text }
  }
  const partitions = answer.partitions
    .toSorted((a, b) => a.partition - b.partition)
    .map(({ leader, replicas, inSyncReplicas }) => ({
      leader,
      replicas: replicas.length,
      inSyncReplicas: inSyncReplicas.length
    }))
  const topicId = answer.topicId === '' ? undefined : answer.topicId
  return { found: true, description: { topic: answer.topic, topicId, internal: answer.internal, partitions } }
}

export function configEntries(
  entries: AddonAdmin['describeConfigs'][1][number]['entries']
): ReadonlyMap<string, ConfigEntry> {
  return new Map(
    entries.map(({ name, value, source, isDefault }) => [
      name,
      { value, isDefault, isTopicOverride: source === DYNAMIC_TOPIC_CONFIG }
    ])
  )
}
