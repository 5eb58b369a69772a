import type { ClusterAdmin } from '../../client/types.ts'
import type { PartitionPolicy } from '../../model/policies.ts'
import type { Copy } from './bench-types.ts'

/** Where each partition of a topic ends: its number of records, because it was made for this and began at 0. */
export async function endsOf(admin: ClusterAdmin, topic: string, partitions: number): Promise<readonly number[]> {
  const asked = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
  const ends = await admin.listOffsets(asked, 'latest')
  return asked.map(({ partition }) => ends.get(`${topic}-${partition}`) ?? 0)
}

/** Holds the counts of both sides against each other, partition by partition where the policy keeps partitions. */
export function compareCounts(source: readonly number[], target: readonly number[], policy: PartitionPolicy): Copy {
  const [sourceRecords, targetRecords] = [sum(source), sum(target)]
  const partitions = source.map((count, partition) => ({
    partition,
    source: count,
    target: policy === 'same' ? (target[partition] ?? 0) : null
  }))
  const equal =
    sourceRecords === targetRecords &&
    partitions.every(({ source: count, target: copied }) => copied === null || copied === count)
  return { equal, partitions, sourceRecords, targetRecords }
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
