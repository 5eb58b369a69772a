import type { Routes } from '../mapping/routes.ts'
import type { PartitionPolicy } from '../model/policies.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { TargetLoad } from '../sink/target-load.ts'

/** Which target partitions take no more just now: those that have their share in flight. */
export class TargetRoom {
  readonly #policy: PartitionPolicy
  readonly #routes: Routes
  readonly #load: TargetLoad
  readonly #share: () => number

  /** @param share bytes that one target partition may have in flight */
  constructor(policy: PartitionPolicy, routes: Routes, load: TargetLoad, share: () => number) {
    this.#policy = policy
    this.#routes = routes
    this.#load = load
    this.#share = share
  }

  isFull(target: TopicPartition): boolean {
    return this.#load.of(target) >= this.#share()
  }

  /** Whether there is no room wherever records of this source partition may go. */
  isFullFor(source: TopicPartition): boolean {
    const { target, targetPartitions } = this.#routes.of(source.topic)
    if (this.#policy === 'same') return this.isFull({ topic: target, partition: source.partition })
    if (this.#policy === 'zero') return this.isFull({ topic: target, partition: 0 })
    for (let partition = 0; partition < targetPartitions; partition += 1) {
      if (!this.isFull({ topic: target, partition })) return false
    }
    return true
  }
}
