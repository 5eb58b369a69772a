/** One look at a run, everything counted since its start. */
export interface Sample {
  readonly seconds: number
  /** Of the target topic's log. */
  readonly logBytes: number
  readonly cpuSeconds: number
  readonly rssBytes: number
  readonly sourceBrokerCpuSeconds: number
  readonly targetBrokerCpuSeconds: number
}

export interface Figures {
  readonly recordsPerSecond: number
  readonly cpuMicrosPerRecord: number
  /** Both brokers together. */
  readonly brokerCpuMicrosPerRecord: number
  readonly peakRssBytes: number
  /** Until the first record was in the target's log. */
  readonly startSeconds: number
  readonly startCpuSeconds: number
  /** The whole run, start and end included. */
  readonly seconds: number
  readonly cpuSeconds: number
}

export const STEADY_FROM = 0.1
export const STEADY_TO = 0.95

/**
 * Figures of one run that copied `records`, from the middle of it: connecting, joining a group and the last waiting for
 * nothing say little about speed. Records are equal in size, so a share of the log is a share of the records.
 */
export function steadyState(samples: readonly Sample[], records: number): Figures {
  const first = samples[0]
  const last = samples.at(-1)
  if (first === undefined || last === undefined || last.logBytes === 0) throw new Error('nothing was copied')
  const from = at(samples, last.logBytes * STEADY_FROM)
  const to = at(samples, last.logBytes * STEADY_TO)
  const copied = records * (STEADY_TO - STEADY_FROM)
  const start = lastBefore(samples, (sample) => sample.logBytes > 0)
  return {
    recordsPerSecond: copied / (to.seconds - from.seconds),
    cpuMicrosPerRecord: ((to.cpuSeconds - from.cpuSeconds) / copied) * 1e6,
    brokerCpuMicrosPerRecord: ((brokers(to) - brokers(from)) / copied) * 1e6,
    peakRssBytes: Math.max(...samples.map((sample) => sample.rssBytes)),
    startSeconds: start.seconds,
    startCpuSeconds: start.cpuSeconds,
    seconds: last.seconds,
    cpuSeconds: last.cpuSeconds
  }
}

/** Without those after the log has had its last growth. */
export function untilComplete(samples: readonly Sample[]): readonly Sample[] {
  const end = samples.at(-1)?.logBytes
  return samples.slice(0, samples.findIndex(({ logBytes }) => logBytes === end) + 1)
}

function brokers(sample: Sample): number {
  return sample.sourceBrokerCpuSeconds + sample.targetBrokerCpuSeconds
}

/** The moment at which the log had so many bytes, on a straight line between two samples. */
function at(samples: readonly Sample[], logBytes: number): Sample {
  const index = samples.findIndex((sample) => sample.logBytes >= logBytes)
  const after = samples[index]
  if (after === undefined) throw new Error(`the log never had ${logBytes} bytes`)
  const before = samples[index - 1]
  if (before === undefined) return after
  const part = (logBytes - before.logBytes) / (after.logBytes - before.logBytes)
  const between = (key: keyof Sample): number => before[key] + (after[key] - before[key]) * part
  return {
    seconds: between('seconds'),
    logBytes,
    cpuSeconds: between('cpuSeconds'),
    rssBytes: between('rssBytes'),
    sourceBrokerCpuSeconds: between('sourceBrokerCpuSeconds'),
    targetBrokerCpuSeconds: between('targetBrokerCpuSeconds')
  }
}

function lastBefore(samples: readonly Sample[], condition: (sample: Sample) => boolean): Sample {
  const index = samples.findIndex(condition)
  const found = samples[Math.max(0, index - 1)]
  if (found === undefined) throw new Error('no samples')
  return found
}
