import { join } from 'node:path'
import type { History, HistorySeries, JobFigures } from '../../api/contract.ts'
import { HistoryRing } from './history-ring.ts'
import { HISTORY_SERIES, mergeSteps, type StepValues, valuesOf } from './history-series.ts'

const FINE_SECONDS = 5
/** Two hours. */
const FINE_SLOTS = (2 * 3600) / FINE_SECONDS
const COARSE_SECONDS = 60
/** A week. */
const COARSE_SLOTS = (7 * 24 * 3600) / COARSE_SECONDS
const FINE_IN_COARSE = COARSE_SECONDS / FINE_SECONDS
/** A chart is about as many pixels wide. */
const MOST_POINTS = 1000
/** How many steps become one, where there are too many: round numbers of seconds and minutes. */
const MERGES = [1, 2, 3, 6, 12, 30, 60]
const HOUR_MS = 3_600_000
const SPARKLINE_STEPS = 60

/**
 * What a job did over time, on disk: steps of five seconds for two hours, of a minute for a week.
 *
 * Invariant: a step is written when it has ended, and its minute with it; so a crash costs five seconds. Of a step in
 * which nothing was measured nothing is written: it is a gap.
 */
export class JobHistory {
  readonly #fine: HistoryRing
  readonly #coarse: HistoryRing
  /** The step that is going on, and what was measured in it. */
  #step = -1
  #measured: StepValues[] = []
  /** Records a second by step, for the sparkline. */
  readonly #recent = new Map<number, number | null>()

  private constructor(fine: HistoryRing, coarse: HistoryRing) {
    this.#fine = fine
    this.#coarse = coarse
  }

  /** @returns also where damaged files were moved to */
  static open(directory: string, now: number): { readonly history: JobHistory; readonly movedTo: readonly string[] } {
    const fine = HistoryRing.open({
      path: join(directory, 'history-5s.bin'),
      stepSeconds: FINE_SECONDS,
      slots: FINE_SLOTS
    })
    const coarse = HistoryRing.open({
      path: join(directory, 'history-1m.bin'),
      stepSeconds: COARSE_SECONDS,
      slots: COARSE_SLOTS
    })
    const history = new JobHistory(fine.ring, coarse.ring)
    history.#remember(now)
    return { history, movedTo: [fine.movedTo, coarse.movedTo].filter((path) => path !== undefined) }
  }

  /** Throws when the disk does not take the step that has ended. */
  measured(at: number, figures: JobFigures): void {
    const step = stepOf(at, FINE_SECONDS)
    try {
      if (step !== this.#step) this.flush()
    } finally {
      this.#step = step
      this.#measured.push(valuesOf(figures))
    }
  }

  /** Nothing more is measured for now. Throws as `measured` does. */
  flush(): void {
    const values = mergeSteps(this.#measured)
    this.#measured = []
    if (values === undefined) return
    const step = this.#step
    this.#recent.set(step, values[HISTORY_SERIES.indexOf('recordsOut')] ?? null)
    for (const old of this.#recent.keys()) if (old <= step - SPARKLINE_STEPS) this.#recent.delete(old)
    this.#fine.write(step, values)
    const minute = Math.floor(step / FINE_IN_COARSE)
    const whole = mergeSteps(this.#fine.read(minute * FINE_IN_COARSE, FINE_IN_COARSE))
    if (whole !== undefined) this.#coarse.write(minute, whole)
  }

  /** Of the five minutes before the step that is going on. */
  sparkline(now: number): readonly (number | null)[] {
    const end = stepOf(now, FINE_SECONDS)
    return Array.from({ length: SPARKLINE_STEPS }, (_, n) => this.#recent.get(end - SPARKLINE_STEPS + n) ?? null)
  }

  /** As fine as is kept for the range and as a chart needs. Without a range: the last hour. */
  read(request: { readonly from?: number; readonly to?: number }, now: number): Omit<History, 'markers'> {
    const to = Math.min(request.to ?? now, now)
    const asked = Math.min(request.from ?? to - HOUR_MS, to)
    const ring = asked >= now - FINE_SLOTS * FINE_SECONDS * 1000 ? this.#fine : this.#coarse
    const { stepSeconds, slots } = ring
    const newest = stepOf(now, stepSeconds)
    const last = stepOf(to, stepSeconds)
    let first = Math.max(stepOf(asked, stepSeconds), newest - slots + 1)
    if (first > last) return emptyHistory(stepSeconds)
    const steps = last - first + 1
    const merge = MERGES.find((by) => steps / by <= MOST_POINTS) ?? Math.ceil(steps / MOST_POINTS)
    // Steps that are merged begin at the same times whatever the range, so charts don't flicker as time goes on.
    first = Math.max(first - (first % merge), newest - slots + 1)
    const read = ring.read(first, last - first + 1)
    const at: number[] = []
    const merged: (StepValues | undefined)[] = []
    for (let n = 0; n < read.length;) {
      const next = n + merge - ((first + n) % merge)
      at.push((first + n) * stepSeconds * 1000)
      merged.push(mergeSteps(read.slice(n, next)))
      n = next
    }
    const series = Object.fromEntries(
      HISTORY_SERIES.map((name, index) => [name, merged.map((values) => values?.[index] ?? null)])
    )
    return { stepSeconds: stepSeconds * merge, at, series: series as Record<HistorySeries, (number | null)[]> }
  }

  close(): void {
    try {
      this.flush()
    } finally {
      this.#fine.close()
      this.#coarse.close()
    }
  }

  #remember(now: number): void {
    const end = stepOf(now, FINE_SECONDS)
    const read = this.#fine.read(end - SPARKLINE_STEPS, SPARKLINE_STEPS)
    const index = HISTORY_SERIES.indexOf('recordsOut')
    read.forEach((values, n) => {
      if (values !== undefined) this.#recent.set(end - SPARKLINE_STEPS + n, values[index] ?? null)
    })
  }
}

function stepOf(at: number, stepSeconds: number): number {
  return Math.floor(at / 1000 / stepSeconds)
}

function emptyHistory(stepSeconds: number): Omit<History, 'markers'> {
  const series = Object.fromEntries(HISTORY_SERIES.map((name) => [name, []]))
  return { stepSeconds, at: [], series: series as unknown as Record<HistorySeries, (number | null)[]> }
}
