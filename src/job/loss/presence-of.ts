import { setTimeout as pause } from 'node:timers/promises'
import type { ClusterAdmin, TopicDescription } from '../../client/types.ts'

export type Presence = TopicDescription | 'missing' | 'unknown'

/** A broker may not know of a topic that another has just made. */
const CONFIRM_MS = 500

/** Whether topics are there. One that seems to be missing is asked for twice. */
export async function presenceOf(
  admin: ClusterAdmin,
  topics: readonly string[]
): Promise<ReadonlyMap<string, Presence>> {
  const presence = await describe(admin, topics)
  const missing = topics.filter((topic) => presence.get(topic) === 'missing')
  if (missing.length === 0) return presence
  await pause(CONFIRM_MS)
  return new Map([...presence, ...(await describe(admin, missing))])
}

async function describe(admin: ClusterAdmin, topics: readonly string[]): Promise<Map<string, Presence>> {
  const lookups = await admin.describeTopics(topics)
  return new Map(
    [...lookups].map(([topic, lookup]): [string, Presence] => {
      if (lookup.found) return [topic, lookup.description]
      return [topic, lookup.reason === 'missing' ? 'missing' : 'unknown']
    })
  )
}
