import { partitionName, type TopicPartition } from '../../model/topic-partition.ts'

export interface SeriesLabels {
  readonly topic?: string
  readonly partition?: number
}

/**
 * Keeps the number of series bounded, whatever a job mirrors.
 *
 * Partitions are looked at as they come, those of a start together: if all of them may have series of their own, they
 * get them; else they share one a topic; if there are more topics than that, they share a single one without labels.
 *
 * Invariant: a partition never changes its series, so that no series ends and no sum jumps when topics are found later.
 */
export class SeriesBudget {
  readonly #most: number
  readonly #labels = new Map<string, SeriesLabels>()
  readonly #topics = new Set<string>()
  #partitions = 0

  /** @param most series by partition, and likewise by topic */
  constructor(most: number) {
    this.#most = most
  }

  /** Decides for those that are new. */
  admit(partitions: readonly TopicPartition[]): void {
    const added = partitions.filter((partition) => !this.#labels.has(partitionName(partition)))
    if (added.length === 0) return
    if (this.#partitions + added.length <= this.#most) {
      this.#partitions += added.length
      for (const { topic, partition } of added)
        this.#labels.set(partitionName({ topic, partition }), { topic, partition })
      return
    }
    const topics = new Set([...this.#topics, ...added.map(({ topic }) => topic)])
    const byTopic = topics.size <= this.#most
    if (byTopic) for (const topic of topics) this.#topics.add(topic)
    for (const { topic, partition } of added) {
      this.#labels.set(partitionName({ topic, partition }), byTopic ? { topic } : {})
    }
  }

  /** Partitions of one series, and its labels. */
  group<T extends TopicPartition>(
    partitions: readonly T[]
  ): { readonly labels: SeriesLabels; readonly partitions: readonly T[] }[] {
    this.admit(partitions)
    const groups = new Map<string, { readonly labels: SeriesLabels; readonly partitions: T[] }>()
    for (const partition of partitions) {
      const labels = this.#labels.get(partitionName(partition)) ?? {}
      const key = `${labels.topic ?? ''}/${labels.partition ?? ''}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { labels, partitions: [partition] })
      else group.partitions.push(partition)
    }
    return [...groups.values()]
  }
}
