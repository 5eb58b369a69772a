import type { ClusterAdmin } from '../client/types.ts'
import { type PartitionOffset, type TopicPartition, partitionName } from '../model/topic-partition.ts'

/** Where a copy began, by partition: what lies before is not its doing. */
export interface Beginning {
  readonly source: Readonly<Record<string, number>>
  readonly target: Readonly<Record<string, number>>
}

export const UNKNOWN_BEGINNING: Beginning = { source: {}, target: {} }

const PATIENCE_MS = 5000

/**
 * What has to be known before the first record is copied, because later nobody can tell. Nothing waits long for it: a
 * target partition without a leader would hold up all others. What is not known makes a verification less exact.
 *
 * @param targets target partitions that were there before the copy; n:1 mappings may name them more than once
 */
export async function noteBeginning(
  starts: readonly PartitionOffset[],
  targets: readonly TopicPartition[],
  target: Pick<ClusterAdmin, 'listOffsets'>,
  patienceMs = PATIENCE_MS
): Promise<Beginning> {
  const unique = [...new Map(targets.map((of) => [partitionName(of), of])).values()]
  const ends = unique.length === 0 ? undefined : await soon(target.listOffsets(unique, 'latest'), patienceMs)
  return {
    source: Object.fromEntries(starts.map((start) => [partitionName(start), start.offset])),
    target: Object.fromEntries([...(ends ?? [])].flatMap(([name, end]) => (end === undefined ? [] : [[name, end]])))
  }
}

/** Undefined: it did not come in time, or failed. */
async function soon<T>(answer: Promise<T>, patienceMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs)
  })
  try {
    return await Promise.race([answer.catch(() => undefined), late])
  } finally {
    clearTimeout(timer)
  }
}
