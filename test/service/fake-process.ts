import type { JobSnapshot } from '../../src/job/job-types.ts'
import { pause, resume, type Pauses } from '../../src/model/pauses.ts'
import type { Rate } from '../../src/model/rate.ts'
import type { ErrorReport } from '../../src/job/worker/worker-messages.ts'
import type { JobEnd, JobStart } from '../../src/service/process/job-messages.ts'
import type {
  JobFlow,
  JobProcessListener,
  RunningProcess,
  StartProcess
} from '../../src/service/process/job-process.ts'

const NO_SECONDS = { source: 0, mirror: 0, target: 0, rate: 0, idle: 0 }
const NO_LATENCY = { recent: undefined, all: undefined }

/** The processes of jobs that a service under test has started, played by the test. */
export class FakeProcesses {
  readonly all: FakeProcess[] = []

  get start(): StartProcess {
    return (start, listener) => {
      const process = new FakeProcess(start, listener)
      this.all.push(process)
      return process
    }
  }

  get last(): FakeProcess {
    const last = this.all.at(-1)
    if (last === undefined) throw new Error('no process was started')
    return last
  }
}

export class FakeProcess implements RunningProcess {
  readonly pid = 4711
  readonly start: JobStart
  readonly asked: string[] = []
  readonly #listener: JobProcessListener
  #pauses: Pauses
  #rate: Rate
  #isGone = false

  constructor(start: JobStart, listener: JobProcessListener) {
    this.start = start
    this.#listener = listener
    this.#pauses = start.pauses
    this.#rate = start.config.limits.rate
  }

  stop(): void {
    this.asked.push('stop')
  }

  endNow(): void {
    this.asked.push('end now')
  }

  kill(): void {
    this.crash('SIGKILL')
  }

  setLogLevel(level: string): void {
    this.asked.push(`log level ${level}`)
  }

  include(topics: readonly string[]): void {
    this.asked.push(`include ${topics.join(', ')}`)
  }

  async pause(target: Parameters<RunningProcess['pause']>[0]): Promise<JobFlow> {
    this.#pauses = pause(this.#pauses, target)
    return await this.#flow()
  }

  async resume(target: Parameters<RunningProcess['resume']>[0]): Promise<JobFlow> {
    this.#pauses = resume(this.#pauses, target)
    return await this.#flow()
  }

  async changeRate({ bytes, records }: Parameters<RunningProcess['changeRate']>[0]): Promise<JobFlow> {
    this.#rate = { ...(typeof bytes === 'number' && { bytes }), ...(typeof records === 'number' && { records }) }
    return await this.#flow()
  }

  /** Tells how the job is. */
  shows(state: JobSnapshot['state'], partitions: readonly Partial<JobSnapshot['partitions'][number]>[] = [{}]): void {
    const isPaused = state === 'RUNNING' && this.#pauses.job
    const snapshot: JobSnapshot = {
      name: this.start.config.name,
      state: isPaused ? 'PAUSED' : state,
      seconds: 1,
      totals: { records: 10, bytes: 100, altered: 0, deadLettered: 0, skipped: 0 },
      partitions: partitions.map((given, partition) => ({
        topic: 'orders',
        partition,
        target: 'orders',
        state: 'copying',
        from: 0,
        to: 10,
        committed: 10,
        position: 10,
        readRecords: 10,
        readBytes: 100,
        records: 10,
        bytes: 100,
        altered: 0,
        deadLettered: 0,
        skipped: 0,
        end: 15,
        ...given
      })),
      workers: [],
      restarts: 0,
      rate: this.#rate,
      pauses: this.#pauses,
      stuck: [],
      limits: { recent: NO_SECONDS, all: NO_SECONDS },
      replicationLatency: NO_LATENCY,
      pipelineLatency: NO_LATENCY
    }
    this.#listener.onReport({ type: 'snapshot', snapshot, rssBytes: 1, losses: 0 })
  }

  /** Ends with what a job says of its end. */
  ends(state: JobEnd['state'], error: Partial<ErrorReport> | null = null): void {
    const report: ErrorReport | null =
      error === null ? null : { code: 'MR_TEST', kind: 'retry', message: 'A test said so.', place: {}, ...error }
    this.#listener.onReport({ type: 'ended', end: { state, error: report } })
    this.crash('exit code 0')
  }

  /** Ends without a word. */
  crash(why: string): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#listener.onExit(why)
  }

  async #flow(): Promise<JobFlow> {
    return await Promise.resolve({ pauses: this.#pauses, rate: this.#rate })
  }
}
