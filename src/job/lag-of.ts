import type { PartitionProgress } from './job-progress.ts'

/** Offsets up to the end of the source that are not delivered yet; undefined as long as the end is not known. */
export function lagOf({ end, to }: Pick<PartitionProgress, 'end' | 'to'>): number | undefined {
  return end === undefined ? undefined : Math.max(0, end - to)
}
