import { groupBy } from '../mapping/group-by.ts'
import type { PartitionProgress } from '../job/job-progress.ts'
import { lagOf } from '../job/lag-of.ts'

/** The partitions of a source topic that go to one target topic, added up. */
export interface TopicProgress {
  readonly topic: string
  readonly target: string
  readonly partitions: number
  readonly records: number
  readonly bytes: number
  /** Undefined as long as the end of no partition is known. */
  readonly lag: number | undefined
  /** How many partitions are in which state: `copying`, or `completed 3, stopped 1`. */
  readonly state: string
}

export function topicProgress(partitions: readonly PartitionProgress[]): TopicProgress[] {
  return [...groupBy(partitions, ({ topic }) => topic)].map(([topic, ofTopic]) => ({
    topic,
    target: ofTopic[0]?.target ?? topic,
    partitions: ofTopic.length,
    records: ofTopic.reduce((sum, { records }) => sum + records, 0),
    bytes: ofTopic.reduce((sum, { bytes }) => sum + bytes, 0),
    lag: totalLag(ofTopic),
    state: describeStates(ofTopic)
  }))
}

export function totalLag(partitions: readonly PartitionProgress[]): number | undefined {
  const known = partitions.map(lagOf).filter((lag) => lag !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, lag) => sum + lag, 0)
}

function describeStates(partitions: readonly PartitionProgress[]): string {
  const counts = new Map<string, number>()
  for (const { state } of partitions) counts.set(state, (counts.get(state) ?? 0) + 1)
  if (counts.size === 1) return [...counts.keys()].join()
  return [...counts].map(([state, count]) => `${state} ${count}`).join(', ')
}
