import type { OffsetRun } from '../../model/settlement.ts'
import type { OffsetRange } from './trace-targets.ts'

/** More runs than this are not listed: a compacted topic can have one a record. */
const MOST_RUNS = 64

/**
 * Which source offsets became which target offsets, `1000..1999 -> 5000..5999` a run, in their order. With too many
 * runs those that were asked for are kept before others.
 */
export function describeRuns(runs: readonly OffsetRun[], asked: readonly OffsetRange[]): string[] {
  if (runs.length <= MOST_RUNS) return runs.map(describeRun)
  const isAsked = ({ sourceOffset, count }: OffsetRun): boolean =>
    asked.some(({ from, to }) => sourceOffset < to && sourceOffset + count > from)
  const chosen = [...runs.filter(isAsked), ...runs.filter((run) => !isAsked(run))].slice(0, MOST_RUNS)
  return chosen.toSorted((a, b) => a.sourceOffset - b.sourceOffset).map(describeRun)
}

function describeRun({ sourceOffset, targetOffset, count }: OffsetRun): string {
  const span = (first: number): string => (count === 1 ? String(first) : `${first}..${first + count - 1}`)
  return `${span(sourceOffset)} -> ${targetOffset < 0 ? '?' : span(targetOffset)}`
}

/** The first and the last target offset that are known. */
export function targetOffsets(
  runs: readonly OffsetRun[]
): { readonly first: number; readonly last: number } | undefined {
  let first = Number.POSITIVE_INFINITY
  let last = -1
  for (const { targetOffset, count } of runs) {
    if (targetOffset < 0) continue
    first = Math.min(first, targetOffset)
    last = Math.max(last, targetOffset + count - 1)
  }
  return last < 0 ? undefined : { first, last }
}
