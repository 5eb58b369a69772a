import type {
  Alarm,
  History,
  JobEventView,
  JobFigures,
  JobLifecycleState,
  LogLevel,
  LogLine,
  NotCopied,
  Page,
  Reason
} from '../../api/contract.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { alarmFacts, type AlarmFacts } from '../alarms/alarm-facts.ts'
import type { ServiceAlarms } from '../alarms/service-alarms.ts'
import { notFound } from '../service-errors.ts'
import type { PageRequest, Streamed, StreamRequest } from '../service-port.ts'
import { storageError } from '../store/storage-errors.ts'
import { JobRecord } from './job-record.ts'
import type { JobRecorder, JobTelling, RecordedJob, Records, RecordsOptions } from './records.ts'
import type { ServiceAudit } from './service-audit.ts'
import type { StreamHub } from './stream-hub.ts'

interface Parts {
  readonly audit: ServiceAudit
  readonly alarms: ServiceAlarms
  readonly hub: StreamHub
  readonly jobs: RecordedJobs
}

/** The recording side of the service, put together. */
export class ServiceRecords implements Records {
  readonly jobs: JobRecorder
  readonly audit: ServiceAudit
  readonly alarms: ServiceAlarms
  readonly #hub: StreamHub
  readonly #recorded: RecordedJobs

  constructor({ audit, alarms, hub, jobs }: Parts) {
    this.audit = audit
    this.alarms = alarms
    this.jobs = jobs
    this.#recorded = jobs
    this.#hub = hub
  }

  firing(job: string): readonly Alarm[] {
    return this.alarms.firing(job)
  }

  stream(request: StreamRequest, signal: AbortSignal): AsyncIterable<Streamed> {
    return this.#hub.listen(request, signal)
  }

  reasons(): readonly Reason[] {
    const troubles = [...this.#recorded.troubles(), this.audit.trouble].filter((error) => error !== undefined)
    // A full disk is one reason, however many files are on it.
    const errors = troubles.map((error) => storageError('A file of the data directory', 'written', error))
    const first = errors[0]
    return [
      ...(first === undefined ? [] : [{ code: first.code, message: first.message, next: first.next ?? null }]),
      ...this.alarms.reasons()
    ]
  }

  healthChanged(): void {
    this.#hub.healthChanged()
  }

  async close(): Promise<void> {
    await this.alarms.close()
    this.#hub.close()
    this.#recorded.close()
    this.audit.close()
  }
}

/**
 * What is recorded of all jobs.
 *
 * Invariant: what is told of a job that is not open is ignored; what can't be opened is in `troubles`.
 */
export class RecordedJobs implements JobRecorder {
  readonly #options: Pick<RecordsOptions, 'view' | 'now'>
  readonly #hub: StreamHub
  readonly #records = new Map<string, JobRecord>()
  readonly #unopened = new Map<string, Error>()

  constructor(options: Pick<RecordsOptions, 'view' | 'now'>, hub: StreamHub) {
    this.#options = options
    this.#hub = hub
  }

  async open(job: RecordedJob): Promise<void> {
    if (this.#records.has(job.name)) return
    try {
      this.#records.set(job.name, await JobRecord.open(job, this.#options.now()))
      this.#unopened.delete(job.name)
    } catch (error) {
      this.#unopened.set(job.name, error as Error)
    }
  }

  async forget(job: string): Promise<void> {
    this.#records.get(job)?.close()
    this.#records.delete(job)
    this.#unopened.delete(job)
    this.#hub.changed(job)
    await Promise.resolve()
  }

  measured(job: string, at: number, figures: JobFigures): void {
    this.#records.get(job)?.measured(at, figures)
    this.#hub.changed(job)
  }

  entered(job: string, at: number, state: JobLifecycleState, reason: Reason | null): void {
    const event = this.#records.get(job)?.entered(at, state, reason)
    if (event !== undefined) this.#hub.happened({ type: 'event', job, event })
    this.#hub.changed(job)
  }

  told(job: string, telling: JobTelling, level: LogLevel): void {
    const record = this.#records.get(job)
    if (record === undefined) return
    const { event, line } = record.told(telling, level)
    if (event !== undefined) this.#hub.happened({ type: 'event', job, event })
    if (line !== undefined) this.#hub.logged(job, line)
  }

  changed(job: string): void {
    this.#hub.changed(job)
  }

  /** Of a job that charts of it should show. */
  alarmed(alarm: Alarm): void {
    const { job, title, firedAt, resolvedAt } = alarm
    const isOver = resolvedAt !== null
    if (firedAt === null) return
    const marker = { at: resolvedAt ?? firedAt, kind: 'alarm', text: isOver ? `Resolved: ${title}` : title } as const
    this.#records.get(job)?.mark(marker)
  }

  sparkline(job: string): readonly (number | null)[] {
    return this.#records.get(job)?.sparkline(this.#options.now()) ?? []
  }

  async history(job: string, request: { readonly from?: number; readonly to?: number }): Promise<History> {
    return await Promise.resolve(this.#of(job).history(request, this.#options.now()))
  }

  async events(job: string, request: PageRequest): Promise<Page<JobEventView>> {
    return await this.#of(job).events(request)
  }

  async logs(job: string, request: Parameters<JobRecorder['logs']>[1]): Promise<readonly LogLine[]> {
    return await this.#of(job).logs(request)
  }

  async notCopied(job: string, request: PageRequest): Promise<Page<NotCopied>> {
    return await this.#of(job).notCopied(request)
  }

  /** What alarm rules are held against. */
  facts(): readonly AlarmFacts[] {
    const { view, now } = this.#options
    const connections = view.connections()
    return view.names().flatMap((name) => {
      const item = view.item(name)
      if (item === undefined) return []
      const record = this.#records.get(name)
      const measured = { at: record?.measuredAt ?? -Infinity, badRecords: record?.badRecords(now()) ?? null }
      return [alarmFacts(item, measured, connections, now())]
    })
  }

  troubles(): readonly Error[] {
    const open = [...this.#records.values()].map(({ trouble }) => trouble).filter((error) => error !== undefined)
    return [...this.#unopened.values(), ...open]
  }

  close(): void {
    for (const record of this.#records.values()) record.close()
    this.#records.clear()
  }

  #of(job: string): JobRecord {
    const record = this.#records.get(job)
    if (record !== undefined) return record
    const why = this.#unopened.get(job)
    if (why instanceof MillraceError) throw why
    if (why !== undefined) throw storageError(`What is recorded of ${job}`, 'read', why)
    throw notFound(`job ${job}`)
  }
}
