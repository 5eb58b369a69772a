import type { ClusterAdmin } from '../client/types.ts'
import type { RecordLimits } from '../model/record-limits.ts'
import { FindingList } from './finding-list.ts'
import { readTopicConfigs } from './read-configs.ts'
import { topicLimits, type TopicLimits } from './topic-configs.ts'

/** What each of these target topics takes of a record, as it is now; topics that don't tell are left out. */
export async function readRecordLimits(
  target: ClusterAdmin,
  topics: readonly string[]
): Promise<ReadonlyMap<string, RecordLimits>> {
  // What can't be read was told by the plan.
  const configs = await readTopicConfigs(target, topics, new FindingList())
  return new Map([...configs].map(([topic, of]) => [topic, recordLimits(topicLimits(of))]))
}

export function recordLimits({ maxMessageBytes, beforeMs, afterMs, restamps, compacts }: TopicLimits): RecordLimits {
  return {
    ...(Number.isFinite(maxMessageBytes) && { maxMessageBytes }),
    // A topic that stamps records itself takes any time.
    ...(Number.isFinite(beforeMs) && !restamps && { beforeMs }),
    ...(Number.isFinite(afterMs) && !restamps && { afterMs }),
    ...(compacts && { keyed: true })
  }
}
