/** One look at a run, everything counted since its start. */
export interface RunSample {
  readonly seconds: number
  /** In the target. */
  readonly records: number
  /** Undefined where the system does not tell. */
  readonly cpuSeconds: number | undefined
}

export interface SteadyFigures {
  readonly recordsPerSecond: number
  readonly cpuMicrosPerRecord: number | undefined
  readonly startSeconds: number
  readonly seconds: number
}

const STEADY_FROM = 0.1
const STEADY_TO = 0.95

/**
 * Figures from the middle of a copy: connecting, joining a group and the last waiting for nothing say little about
 * speed. Undefined when nothing was copied.
 */
export function steadyThroughput(samples: readonly RunSample[]): SteadyFigures | undefined {
  const last = samples.at(-1)
  const firstMoved = samples.findIndex(({ records }) => records > 0)
  if (last === undefined || firstMoved < 0) return undefined
  const from = at(samples, last.records * STEADY_FROM)
  const to = at(samples, last.records * STEADY_TO)
  const records = to.records - from.records
  // A copy that is over between two looks has no middle: then it is the time that it took altogether.
  const seconds = to.seconds - from.seconds
  const cpuSeconds =
    to.cpuSeconds === undefined || from.cpuSeconds === undefined ? undefined : to.cpuSeconds - from.cpuSeconds
  return {
    recordsPerSecond: seconds > 0 ? records / seconds : last.records / last.seconds,
    cpuMicrosPerRecord: cpuSeconds === undefined || records === 0 ? undefined : (cpuSeconds / records) * 1e6,
    startSeconds: samples[Math.max(0, firstMoved - 1)]?.seconds ?? 0,
    seconds: last.seconds
  }
}

/** The moment at which so many records were there, on a straight line between two looks. */
function at(samples: readonly RunSample[], records: number): RunSample {
  const index = samples.findIndex((sample) => sample.records >= records)
  const [before, after] = [samples[index - 1], samples[index]]
  if (after === undefined) throw new RangeError(`there never were ${records} records`)
  if (before === undefined) return after
  const part = (records - before.records) / (after.records - before.records)
  return {
    records,
    seconds: before.seconds + (after.seconds - before.seconds) * part,
    cpuSeconds:
      before.cpuSeconds === undefined || after.cpuSeconds === undefined
        ? undefined
        : before.cpuSeconds + (after.cpuSeconds - before.cpuSeconds) * part
  }
}
