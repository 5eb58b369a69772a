import { resolveHeaders, resolveSecrets } from '../../config/resolve-secrets.ts'
import { errorReport } from '../../job/error-report.ts'
import { findingError } from '../../job/finding-error.ts'
import { Job } from '../../job/job.ts'
import type { JobResult } from '../../job/job-types.ts'
import type { JobEvent } from '../../telemetry/events.ts'
import { exportSettings } from '../../telemetry/export-settings.ts'
import type { Log, LogLevel } from '../../telemetry/log/log.ts'
import { tellEvent } from '../../telemetry/tell-event.ts'
import type { JobTelling } from '../record/records.ts'
import { openLogFile } from './open-log-file.ts'
import type { JobCommand, JobReport, JobStart } from './job-messages.ts'

const SNAPSHOT_MS = 500
/** Of what waits to be told while the service does not take it. */
const MOST_TELLINGS = 5000
const RANK: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 }

/**
 * A job in a process of its own: does what the service says, and tells it how the job is.
 *
 * Invariant: one snapshot is on its way at a time, so a service that does not read costs no memory. What could not be told
 * is counted and said.
 */
export class HostedJob {
  readonly #job: Job
  readonly #start: JobStart
  readonly #send: (report: JobReport) => Promise<void>
  readonly #file: Log | undefined
  #level: LogLevel
  #tellings: JobTelling[] = []
  #untold = 0
  #losses = 0
  #sending = false

  constructor(start: JobStart, send: (report: JobReport) => Promise<void>) {
    this.#start = start
    this.#send = send
    this.#level = start.logLevel
    const { config, reset, retryAuthentication, pauses } = start
    const sources = { env: process.env, cwd: process.cwd() }
    this.#file = openLogFile(config, this.#level, (message) => this.#note('warn', 'log-file', message))
    this.#job = new Job(config, {
      reset,
      retryAuthentication,
      pauses,
      resolveSecrets: (side, cluster) => resolveSecrets(side, cluster, sources),
      exports: exportsOf(config, sources),
      onEvent: (event) => this.#tell(event)
    })
  }

  get drainTimeoutMs(): number {
    return this.#start.config.checkpoint.drainTimeoutMs
  }

  async run(): Promise<void> {
    const timer = setInterval(() => void this.#report(), SNAPSHOT_MS)
    const result = await this.#job.run()
    clearInterval(timer)
    while (this.#sending) await new Promise((resolve) => setTimeout(resolve, 5))
    await this.#report()
    await this.#send({ type: 'ended', end: { state: result.summary.state, error: whyFailed(result) } })
  }

  obey(command: Exclude<JobCommand, { readonly type: 'start' }>): void {
    switch (command.type) {
      case 'stop':
        return this.#job.stop()
      case 'kill':
        return this.#job.kill()
      case 'log-level':
        this.#level = command.level
        if (this.#file !== undefined) this.#file.level = command.level
        return undefined
      case 'include':
        return this.#job.include(command.topics)
      case 'pause':
        return this.#answer(command.id, () => this.#job.control.pause(command.target))
      case 'resume':
        return this.#answer(command.id, () => this.#job.control.resume(command.target))
      case 'rate':
        return this.#answer(command.id, () => this.#job.control.changeRate(command.change))
    }
  }

  #answer(id: number, act: () => unknown): void {
    try {
      act()
      const { pauses, rate } = this.#job.snapshot()
      void this.#send({ type: 'answer', id, pauses, rate })
    } catch (error) {
      void this.#send({ type: 'refusal', id, error: errorReport(error) })
    }
  }

  async #report(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    const tellings = this.#tellings
    this.#tellings = []
    if (this.#untold > 0) this.#noteUntold(tellings)
    if (tellings.length > 0) await this.#send({ type: 'told', tellings })
    const rssBytes = process.memoryUsage.rss()
    await this.#send({ type: 'snapshot', snapshot: this.#job.snapshot(), rssBytes, losses: this.#losses })
    this.#sending = false
  }

  #tell(event: JobEvent): void {
    if (event.type === 'loss') this.#losses += 1
    tellEvent(
      {
        log: (level, text, attributes = {}) => {
          this.#file?.log(level, text, attributes)
          const { event: type = event.type, ...rest } = attributes
          this.#note(level, String(type), text, rest)
        }
      },
      event
    )
    // A change of the state is told at once.
    if (event.type === 'state') void this.#report()
  }

  #note(level: LogLevel, type: string, text: string, attributes: JobTelling['attributes'] = {}): void {
    // Debug is much, and all of it is log.
    if (level === 'debug' && RANK[level] > RANK[this.#level]) return
    if (this.#tellings.length >= MOST_TELLINGS) {
      this.#untold += 1
      return
    }
    this.#tellings.push({ at: Date.now(), level, type, text, attributes })
  }

  #noteUntold(tellings: JobTelling[]): void {
    const text = `${this.#untold} lines were not told: the service did not take them fast enough.`
    tellings.push({ at: Date.now(), level: 'warn', type: 'not-told', text, attributes: {} })
    this.#untold = 0
  }
}

function exportsOf(config: JobStart['config'], sources: Parameters<typeof resolveHeaders>[1]) {
  const headers = resolveHeaders(config.otlp.headers, sources)
  return exportSettings({ ...config, otlp: { ...config.otlp, headers } }, sources.env)
}

function whyFailed({ error, refusals }: JobResult) {
  const [first] = refusals
  if (error !== undefined) return errorReport(error)
  return first === undefined ? null : errorReport(findingError(first))
}
