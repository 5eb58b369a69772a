/** A partition of a topic. Partitions count from 0. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** A partition and an offset in it. Offsets are exact in a double up to 2^53. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number
}

/** `orders-7`, as Kafka's own logs write it. Unique, because the partition is the part after the last dash. */
export function partitionName(of: TopicPartition): string {
  return `${of.topic}-${of.partition}`
}
