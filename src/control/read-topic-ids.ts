import type { ClusterAdmin } from '../client/types.ts'

/** Ids of the topics that have one and can be described: none has before Kafka 2.8. */
export async function readTopicIds(
  admin: Pick<ClusterAdmin, 'describeTopics'>,
  topics: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for (const [topic, lookup] of await admin.describeTopics(topics)) {
    if (lookup.found && lookup.description.topicId !== undefined) ids.set(topic, lookup.description.topicId)
  }
  return ids
}
