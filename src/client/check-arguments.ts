import { MillraceError } from '../model/millrace-error.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'

/*
 * librdkafka's and node-rdkafka's native calls end the process for a topic-partition without topic or partition, and
 * take a missing offset for 0. So nothing goes there unchecked.
 */

const MAX_PARTITION = 2 ** 31 - 1

export function checkPartitions(partitions: readonly TopicPartition[]): void {
  for (const partition of partitions) checkPartition(partition)
}

export function checkPositions(positions: readonly PartitionOffset[]): void {
  for (const position of positions) {
    checkPartition(position)
    if (!Number.isSafeInteger(position.offset) || position.offset < 0) {
      refuse(`${position.offset} is no offset`, position)
    }
  }
}

export function checkTopics(topics: readonly string[]): void {
  for (const topic of topics) {
    if (typeof topic !== 'string' || topic === '') refuse('a topic without a name')
    // librdkafka takes such a name for a pattern and would resolve it by itself.
    if (topic.startsWith('^')) refuse(`${topic} is a pattern, not a topic`)
  }
}

function checkPartition(of: TopicPartition): void {
  if (typeof of.topic !== 'string' || of.topic === '') refuse('a partition without a topic')
  if (!Number.isInteger(of.partition) || of.partition < 0 || of.partition > MAX_PARTITION) {
    refuse(`${of.topic} has no partition ${of.partition}`)
  }
}

function refuse(message: string, place: { readonly topic?: string; readonly partition?: number } = {}): never {
  const { topic, partition } = place
  throw new MillraceError({
    code: 'MR_INVALID_ARGUMENT',
    kind: 'internal',
    message,
    place: { ...(topic === undefined ? {} : { topic }), ...(partition === undefined ? {} : { partition }) }
  })
}
