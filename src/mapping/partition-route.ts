import { MillraceError } from '../model/millrace-error.ts'
import type { PartitionPolicy } from '../model/policies.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { TopicRoute } from './routes.ts'

/** Chooses the target partition of the next batch of a source partition. */
export type PartitionRoute = (route: TopicRoute, sourcePartition: number) => number

export interface PartitionRouteOptions {
  /** Where `sticky` begins to go round, so that several workers need not begin at the same partition. */
  readonly first?: number
  /** A target partition that has all it may have in flight: `sticky` goes on with the next one. */
  readonly isFull?: (target: TopicPartition) => boolean
}

/**
 * With `same` a source partition that the target does not have throws MR_TARGET_PARTITION_MISSING: the target is grown
 * before such a partition is read.
 */
export function partitionRoute(policy: PartitionPolicy, options: PartitionRouteOptions = {}): PartitionRoute {
  switch (policy) {
    case 'same':
      return samePartition
    case 'zero':
      return () => 0
    case 'sticky':
      return roundAbout(options)
  }
}

function samePartition(route: TopicRoute, sourcePartition: number): number {
  if (sourcePartition < route.targetPartitions) return sourcePartition
  throw new MillraceError({
    code: 'MR_TARGET_PARTITION_MISSING',
    kind: 'partition',
    message: `Target topic ${route.target} has ${route.targetPartitions} partitions, none for this source partition.`,
    next: `Grow ${route.target} to ${sourcePartition + 1} partitions, or set topics.create.grow to true.`,
    place: { cluster: 'source', topic: route.source, partition: sourcePartition }
  })
}

function roundAbout({ first = 0, isFull = () => false }: PartitionRouteOptions): PartitionRoute {
  // By target, so that the sources of an n:1 mapping share the round.
  const next = new Map<string, number>()
  return ({ target, targetPartitions }) => {
    let partition = (next.get(target) ?? first) % targetPartitions
    for (let tried = 1; tried < targetPartitions && isFull({ topic: target, partition }); tried += 1) {
      partition = (partition + 1) % targetPartitions
    }
    next.set(target, partition + 1)
    return partition
  }
}
