import type { ClusterAdmin } from '../client/types.ts'
import { parseCommitMetadata } from '../model/commit-metadata.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { partitionName, type TopicPartition } from '../model/topic-partition.ts'
import type { StartRule, StopRule } from './plan-job.ts'
import type { PartitionOffsets } from './plan-partition.ts'
import { readTopicIds } from './read-topic-ids.ts'

export interface OffsetQuestions {
  readonly groupId: string
  readonly start: StartRule
  readonly stop: StopRule
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Where each partition begins, ends and was left. The commits are read first: read last, those of a running mirror
 * would lie behind an end that was taken before.
 */
export async function readOffsets(
  admin: ClusterAdmin,
  partitions: readonly TopicPartition[],
  { groupId, start, stop, now }: OffsetQuestions
): Promise<PartitionOffsets[]> {
  if (partitions.length === 0) return []
  const committed = await admin.committedOffsets(groupId, partitions)
  const logStart = await admin.listOffsets(partitions, 'earliest')
  const end = await admin.listOffsets(partitions, 'latest')
  const none: ReadonlyMap<string, number | undefined> = new Map()
  const atStart = start.from === 'timestamp' ? await admin.listOffsets(partitions, start.time) : none
  const atStop = stop.at === 'time' && stop.time <= now ? await admin.listOffsets(partitions, stop.time) : none
  const topicIds = await readTopicIds(admin, [...new Set(partitions.map(({ topic }) => topic))])
  return partitions.map((of) => {
    const name = partitionName(of)
    const commit = committed.get(name)
    const topicId = topicIds.get(of.topic)
    return {
      topic: of.topic,
      partition: of.partition,
      logStart: known(logStart.get(name), of),
      end: known(end.get(name), of),
      committed: commit?.offset,
      ...(commit !== undefined && { metadata: parseCommitMetadata(commit.metadata) }),
      ...(topicId !== undefined && { topicId }),
      atStartTime: atStart.get(name),
      atStopTime: atStop.get(name)
    }
  })
}

function known(offset: number | undefined, { topic, partition }: TopicPartition): number {
  if (offset !== undefined) return offset
  throw new MillraceError({
    code: 'MR_OFFSETS_UNKNOWN',
    kind: 'retry',
    message: `The source cluster does not say where ${topic}-${partition} begins and ends.`,
    next: 'See whether the partition has a leader, then try again.',
    place: { cluster: 'source', topic, partition }
  })
}
