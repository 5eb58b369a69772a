import type { TopicPartition } from './topic-partition.ts'

/** Numbers of a run in a list of runs: target partition, source offset, target offset, count. */
export const NUMBERS_OF_RUN = 4

/**
 * Where consecutive records of a source partition went, one run after the other: records that are consecutive on both
 * sides, in one target partition, are one run, so that a copy that nothing disturbed is a single one.
 */
export type PairRuns = number[]

/** Adds a run to a list, or makes the last one longer. */
export function addRun(
  runs: PairRuns,
  targetPartition: number,
  sourceOffset: number,
  targetOffset: number,
  count: number
): void {
  const last = runs.length - NUMBERS_OF_RUN
  if (last >= 0) {
    const length = runs[last + 3] ?? 0
    if (
      runs[last] === targetPartition &&
      sourceOffset === (runs[last + 1] ?? 0) + length &&
      targetOffset === (runs[last + 2] ?? 0) + length
    ) {
      runs[last + 3] = length + count
      return
    }
  }
  runs.push(targetPartition, sourceOffset, targetOffset, count)
}

/** Pairs of a source partition that were learned from delivery reports. */
export interface DeliveredRuns extends TopicPartition {
  /** See `PreparedPartition`. */
  readonly generation: number
  readonly runs: readonly number[]
}
