import type { ClusterAdmin } from '../client/types.ts'
import type { StopConfig } from '../config/job-config.ts'
import type { TopicPlan } from '../control/plan-types.ts'
import { partitionName, type PartitionOffset, type TopicPartition } from '../model/topic-partition.ts'
import type { Background } from './background.ts'

/** A time has passed when the brokers' clocks agree, too. */
const CLOCK_SLACK_MS = 1000

/**
 * Where each partition of a copy with an end ends, as far as it is known.
 *
 * Invariant: what a copy up to the end of the log has of a partition is what was planned at its start.
 */
export class PartitionEnds {
  readonly #stop: StopConfig
  readonly #known: Map<string, number>

  constructor(stop: StopConfig, planned: readonly TopicPlan[]) {
    this.#stop = stop
    this.#known = plannedStops(planned)
  }

  /** The first offset that is not copied; undefined = no end, or not known yet. */
  of(partition: TopicPartition): number | undefined {
    // What has come since the start is not part of a copy up to the end that there was then.
    return this.#known.get(partitionName(partition)) ?? (this.#stop.at === 'end' ? 0 : undefined)
  }

  /** The first record stamped at or after this time (ms) ends the copy. */
  get stopBefore(): number | undefined {
    return this.#stop.at === 'time' ? this.#stop.time : undefined
  }

  /**
   * Once that time has passed it is known where each partition ends.
   *
   * @param partitions those that there are then
   */
  async awaitTime(
    time: number,
    source: ClusterAdmin,
    partitions: () => readonly TopicPartition[],
    background: Background
  ): Promise<readonly PartitionOffset[]> {
    await background.until(time + CLOCK_SLACK_MS)
    const asked = partitions()
    const ends = await background.untilItWorks(async () => {
      const atTime = await source.listOffsets(asked, time)
      const atEnd = await source.listOffsets(asked, 'latest')
      return asked.map((partition) => {
        const name = partitionName(partition)
        return { ...partition, offset: atTime.get(name) ?? atEnd.get(name) ?? 0 }
      })
    })
    for (const end of ends) this.#known.set(partitionName(end), end.offset)
    return ends
  }
}

function plannedStops(topics: readonly TopicPlan[]): Map<string, number> {
  const stops = new Map<string, number>()
  for (const topic of topics) {
    for (const { partition, stop } of topic.partitions) {
      if (stop !== undefined) stops.set(partitionName({ topic: topic.source, partition }), stop)
    }
  }
  return stops
}
