import type { JobFigures, LogLevel, PartitionRow } from '../../api/contract.ts'
import type { JobConfig } from '../../config/job-config.ts'
import type { JobSnapshot } from '../../job/job-types.ts'
import type { JobEnd, JobReport, JobStart } from '../process/job-messages.ts'
import type { JobFlow, RunningProcess, StartProcess } from '../process/job-process.ts'
import { jobFigures } from '../record/job-figures.ts'
import { partitionRows } from '../record/partition-rows.ts'
import { SnapshotWindow } from '../record/snapshot-window.ts'
import type { KeptRate } from './kept-rate.ts'

export interface JobRunListener {
  readonly onSnapshot: (run: JobRun) => void
  readonly onTold: (report: Extract<JobReport, { readonly type: 'told' }>) => void
  readonly onExit: (run: JobRun, why: string) => void
}

/**
 * One process of a job, and what it has told.
 *
 * Invariant: `flow` is what the process has said last of pauses and rate, in the order in which it said it.
 */
export class JobRun {
  /** With which it was started, and what of newer ones has taken effect since. */
  config: JobConfig
  readonly process: RunningProcess
  readonly #window = new SnapshotWindow()
  readonly #now: () => number
  #rows: readonly PartitionRow[] | undefined
  figures: JobFigures | null = null
  snapshot: JobSnapshot | undefined
  flow: JobFlow
  end: JobEnd | undefined
  /** It was told to end and did not, in time. */
  killed = false

  constructor(start: JobStart, startProcess: StartProcess, listener: JobRunListener, now: () => number) {
    this.#now = now
    this.config = start.config
    this.flow = { pauses: start.pauses, rate: start.config.limits.rate }
    this.process = startProcess(start, {
      onReport: (report) => {
        if (report.type === 'told') return listener.onTold(report)
        if (report.type === 'ended') this.end = report.end
        else {
          this.#measure(report)
          listener.onSnapshot(this)
        }
        return undefined
      },
      onExit: (why) => listener.onExit(this, why)
    })
  }

  /** Made when somebody looks: there may be thousands. */
  get rows(): readonly PartitionRow[] {
    const { newest, base } = this.#window
    this.#rows ??= newest === undefined ? [] : partitionRows(base, newest)
    return this.#rows
  }

  /** Ends the process if it has not ended by then; undone by what is returned. */
  killAfter(ms: number): () => void {
    const timer = setTimeout(() => {
      this.killed = true
      this.process.kill()
    }, ms)
    return () => clearTimeout(timer)
  }

  #measure({ snapshot, rssBytes, losses }: Extract<JobReport, { readonly type: 'snapshot' }>): void {
    const newest = { at: this.#now(), snapshot }
    this.snapshot = snapshot
    this.flow = { pauses: snapshot.pauses, rate: snapshot.rate }
    this.#window.add(newest)
    this.#rows = undefined
    const facts = { memoryLimit: this.config.limits.memory, supervisorBytes: rssBytes, losses }
    this.figures = jobFigures(this.#window.base, newest, facts)
  }
}

/** The configuration with what was changed while it ran. */
export function startOf(
  config: JobConfig,
  changed: {
    readonly rate: KeptRate | null
    readonly logLevel: LogLevel | null
  },
  how: Pick<JobStart, 'reset' | 'retryAuthentication' | 'pauses'>
): JobStart {
  const { bytes = null, records = null } = changed.rate ?? {}
  const rate = { ...(bytes !== null && { bytes }), ...(records !== null && { records }) }
  return {
    ...how,
    config: changed.rate === null ? config : { ...config, limits: { ...config.limits, rate } },
    logLevel: changed.logLevel ?? config.log.level
  }
}
