import type { JobSnapshot } from '../../job/job-types.ts'

/** A snapshot and when it was taken. */
export interface TimedSnapshot {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly snapshot: JobSnapshot
}

/** Rates are of this time: two snapshots in a row are too near each other for workers that tell twice a second. */
const WINDOW_MS = 3000
const SPACING_MS = 1000

/**
 * The snapshots that rates are computed from.
 *
 * Invariant: all are of one run, and times rise. The first is the youngest that is at least a window old, or the very
 * first of the run; all but the newest lie at least `SPACING_MS` apart, so few are kept however many come.
 */
export class SnapshotWindow {
  readonly #kept: TimedSnapshot[] = []

  add(taken: TimedSnapshot): void {
    const kept = this.#kept
    const newest = kept.at(-1)
    if (newest !== undefined && isAnotherRun(newest, taken)) kept.length = 0
    const before = kept.at(-2)
    if (before !== undefined && (kept.at(-1)?.at ?? 0) - before.at < SPACING_MS) kept.pop()
    kept.push(taken)
    while ((kept[1]?.at ?? Infinity) <= taken.at - WINDOW_MS) kept.shift()
  }

  clear(): void {
    this.#kept.length = 0
  }

  get newest(): TimedSnapshot | undefined {
    return this.#kept.at(-1)
  }

  /** What the newest is compared with; undefined as long as there is only one. */
  get base(): TimedSnapshot | undefined {
    return this.#kept.length < 2 ? undefined : this.#kept[0]
  }
}

/** Counters of a run only grow; a clock that was set back makes all rates wrong, so what came before is forgotten, too. */
function isAnotherRun(before: TimedSnapshot, taken: TimedSnapshot): boolean {
  return (
    taken.at <= before.at ||
    taken.snapshot.seconds < before.snapshot.seconds ||
    taken.snapshot.totals.records < before.snapshot.totals.records
  )
}
