import { setTimeout as pause } from 'node:timers/promises'
import type { JobResult, JobSnapshot } from '../job-types.ts'
import type { BenchedJob, Throughput, Usage } from './bench-types.ts'
import { ProcessUsage } from './process-usage.ts'
import { type RunSample, steadyThroughput } from './steady-throughput.ts'

export interface MeasuredRun {
  readonly result: JobResult
  /** Null when nothing was copied. */
  readonly throughput: Throughput | null
  readonly usage: Usage | null
  /** The job as it was last seen at work. */
  readonly last: JobSnapshot | undefined
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
  let last: JobSnapshot | undefined
  const look = async (): Promise<void> => {
    const records = await copied()
    const snapshot = job.snapshot()
    if (snapshot.workers.some(({ rssBytes }) => rssBytes > 0)) last = snapshot
    samples.push({ seconds: (performance.now() - began) / 1000, records, cpuSeconds: usage.look(snapshot.workers) })
    onProgress(records)
  }
  const result = await whileRunning(job, look)
  const steady = steadyThroughput(samples)
  if (steady === undefined) return { result, throughput: null, usage: null, last }
  return {
    result,
    last,
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
