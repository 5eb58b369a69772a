import { partitionName, type TopicPartition } from './topic-partition.ts'

/** What a user has paused. Plain JSON. */
export interface Pauses {
  /** All of the job, topics included that are found later. */
  readonly job: boolean
  readonly topics: readonly string[]
  readonly partitions: readonly TopicPartition[]
}

export const NOTHING_PAUSED: Pauses = { job: false, topics: [], partitions: [] }

export function isPausing({ job, topics, partitions }: Pauses): boolean {
  return job || topics.length > 0 || partitions.length > 0
}

/** All of the job, a topic, or a partition of one. */
export interface PauseTarget {
  readonly topic?: string
  readonly partition?: number
}

/** Whether a partition is paused: itself, its topic or the job. */
export function pauseTest(pauses: Pauses): (of: TopicPartition) => boolean {
  const topics = new Set(pauses.topics)
  const partitions = new Set(pauses.partitions.map(partitionName))
  return (of) => pauses.job || topics.has(of.topic) || partitions.has(partitionName(of))
}

export function pause(pauses: Pauses, target: PauseTarget): Pauses {
  const { topic, partition } = target
  if (topic === undefined) return { ...pauses, job: true }
  if (partition === undefined) return { ...pauses, topics: [...pauses.topics.filter((one) => one !== topic), topic] }
  const others = pauses.partitions.filter((one) => one.topic !== topic || one.partition !== partition)
  return { ...pauses, partitions: [...others, { topic, partition }] }
}

/** Ends the pause of the target and of everything in it; what surrounds it stays as it is. */
export function resume(pauses: Pauses, { topic, partition }: PauseTarget): Pauses {
  if (topic === undefined) return NOTHING_PAUSED
  return {
    ...pauses,
    topics: partition === undefined ? pauses.topics.filter((one) => one !== topic) : pauses.topics,
    partitions: pauses.partitions.filter(
      (one) => one.topic !== topic || (partition !== undefined && one.partition !== partition)
    )
  }
}
