import { setTimeout as pause } from 'node:timers/promises'
import { type LimitSeconds, SIDES } from '../../telemetry/metrics/limit-clock.ts'
import type { JobResult } from '../job-types.ts'
import type { BenchedJob, Throughput, Usage } from './bench-types.ts'
import { ProcessUsage } from './process-usage.ts'
import { type RunSample, steadyThroughput } from './steady-throughput.ts'

export interface MeasuredRun {
  readonly result: JobResult
  /** Null when nothing was copied. */
  readonly throughput: Throughput | null
  readonly usage: Usage | null
  /** What the workers' time was spent on between the first records and the last; null when too little was seen. */
  readonly limits: LimitSeconds | null
}

const SAMPLE_MS = 100

/**
 * Runs a job to its end and looks at it meanwhile.
 *
 * @param copied how many records the target has
 * @param sizeBytes of a record
 */
export async function measureThroughput(
  job: BenchedJob,
  copied: () => Promise<number>,
  sizeBytes: number,
  onProgress: (records: number) => void
): Promise<MeasuredRun> {
  const usage = new ProcessUsage()
  const samples: RunSample[] = []
  const began = performance.now()
  let first: LimitSeconds | undefined
  let last: LimitSeconds | undefined
  const look = async (): Promise<void> => {
    const records = await copied()
    const snapshot = job.snapshot()
    // Before the first records come workers wait for their group, and that is nobody's limit.
    if (snapshot.state === 'RUNNING' && snapshot.totals.records > 0) {
      last = snapshot.limits.all
      first ??= last
    }
    samples.push({ seconds: (performance.now() - began) / 1000, records, cpuSeconds: usage.look(snapshot.workers) })
    onProgress(records)
  }
  const result = await whileRunning(job, look)
  const limits = first === undefined || last === undefined ? null : between(first, last)
  const steady = steadyThroughput(samples)
  if (steady === undefined) return { result, throughput: null, usage: null, limits }
  return {
    result,
    limits,
    throughput: {
      records: result.summary.records,
      recordsPerSecond: steady.recordsPerSecond,
      bytesPerSecond: steady.recordsPerSecond * sizeBytes,
      startSeconds: steady.startSeconds,
      seconds: steady.seconds
    },
    usage: {
      cpuMicrosPerRecord: steady.cpuMicrosPerRecord ?? null,
      workersPeakBytes: usage.workersPeakBytes === 0 ? null : usage.workersPeakBytes,
      supervisorPeakBytes: usage.supervisorPeakBytes
    }
  }
}

function between(first: LimitSeconds, last: LimitSeconds): LimitSeconds {
  const seconds = { ...last }
  for (const side of SIDES) seconds[side] -= first[side]
  return seconds
}

/** Looks again and again until the job has ended, once more then, and returns how it ended. */
async function whileRunning(job: BenchedJob, look: () => Promise<void>): Promise<JobResult> {
  let result: JobResult | undefined
  const running = job.run().then((ended) => {
    result = ended
  })
  while (result === undefined) {
    // A look that fails is only a gap: the job says by itself when a cluster is away.
    await look().catch(() => undefined)
    await Promise.race([running, pause(SAMPLE_MS)])
  }
  await look().catch(() => undefined)
  return result
}
