import type { PartitionProgress } from './job-progress.ts'

/** Offsets up to the end of the source that are not delivered yet; undefined while the end is not, or no longer, known. */
export function lagOf({ endIsOld, ...of }: Pick<PartitionProgress, 'end' | 'endIsOld' | 'to'>): number | undefined {
  return endIsOld === true ? undefined : lastLagOf(of)
}

/** The same by the last end that was read, however long ago: at least so much is to be copied. */
export function lastLagOf({ end, to }: Pick<PartitionProgress, 'end' | 'to'>): number | undefined {
  return end === undefined ? undefined : Math.max(0, end - to)
}
