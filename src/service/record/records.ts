import type {
  Alarm,
  AuditLogEntry,
  Connection,
  Health,
  Job,
  JobFigures,
  JobLifecycleState,
  JobListItem,
  LogLevel,
  Page,
  PartitionRow,
  Reason
} from '../../api/contract.ts'
import type { AlarmsPort, JobsPort, PageRequest, Streamed, StreamRequest } from '../service-port.ts'

/*
 * What the jobs' side of the service tells the recording side, and what it asks of it. Nothing that is told waits for
 * the disk, and nothing of it throws: a running job must not suffer from a full disk. Trouble is in `reasons()`.
 */

/** Where a job keeps what is recorded of it. Both directories exist. */
export interface RecordedJob {
  readonly name: string
  /** `jobs/NAME/log`: log, events, history. */
  readonly logDirectory: string
  /** The job's own state directory; `audit.jsonl` in it has the records that were not copied. May not exist yet. */
  readonly stateDirectory: string
}

/** One thing that happened in a job, or was done with it. Every one is a line of the log, too. */
export interface JobTelling {
  readonly at: number
  readonly level: LogLevel
  /** Such as `worker-crashed`. */
  readonly type: string
  readonly text: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Keeps what happens in jobs, bounded in memory and on disk. A job that was not opened is ignored. */
export interface JobRecorder extends Pick<JobsPort, 'history' | 'events' | 'logs' | 'notCopied'> {
  /** A job came to be, or is known again since the service started; reads what is recorded of it. */
  open(job: RecordedJob): Promise<void>
  /** The job is deleted: lets go of its files, before its directory goes. */
  forget(job: string): Promise<void>
  /** Twice a second while the job runs. */
  measured(job: string, at: number, figures: JobFigures): void
  /** The job went into another state: a marker of the history, an event, something alarms look at. */
  entered(job: string, at: number, state: JobLifecycleState, reason: Reason | null): void
  /**
   * `level` is what the job's log takes: a telling below it is no log line. Debug tellings, and what clients say that
   * is no warning, are no events.
   */
  told(job: string, telling: JobTelling, level: LogLevel): void
  /** Something that a list item, a job or its partitions show is not as it was: they are asked anew for the stream. */
  changed(job: string): void
  /** Records a second, one value each five seconds, the newest last. */
  sparkline(job: string): readonly (number | null)[]
}

/** Who did what. Lines are on the disk when `write` resolves; rejects with MR_SERVICE_STORAGE. */
export interface AuditLog {
  write(entry: Omit<AuditLogEntry, 'id' | 'at'>): Promise<void>
  read(request: PageRequest & { readonly subject?: string }): Promise<Page<AuditLogEntry>>
}

/** What recording asks of jobs and connections: from memory, at once, at any time. Undefined = there is no such job. */
export interface JobsView {
  names(): readonly string[]
  item(name: string): JobListItem | undefined
  job(name: string): Job | undefined
  partitions(name: string): readonly PartitionRow[]
  connections(): readonly Connection[]
}

/** Everything that the recording side is to the rest of the service. */
export interface Records {
  readonly jobs: JobRecorder
  readonly audit: AuditLog
  readonly alarms: AlarmsPort
  /** Those that fire for a job. */
  firing(job: string): readonly Alarm[]
  stream(request: StreamRequest, signal: AbortSignal): AsyncIterable<Streamed>
  /** What it can't do at the moment, such as writing to a full disk. */
  reasons(): readonly Reason[]
  /** The health of the service is not what it was. */
  healthChanged(): void
  close(): Promise<void>
}

/** `view` and `health` are asked once a job was opened, and not before. */
export interface RecordsOptions {
  /** `alarms/` and `audit.jsonl` are in it. */
  readonly dataDirectory: string
  readonly view: JobsView
  readonly health: () => Health
  readonly secrets: SecretKeeper
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Keeps secrets as files that only the service's user can read; see `store/secret-store.ts`. */
export interface SecretKeeper {
  /** Writes a new file, never over an old one; what comes back names it in whatever refers to it. */
  keep(owner: string, secret: string): Promise<string>
  /** Throws MR_SERVICE_TORN when it can't be read. */
  read(name: string): string
  /** Of a secret that nothing refers to any more. One that is not there is no error. */
  drop(name: string): Promise<void>
  /** Removes those of owners that begin so and to which nothing refers: a crash can leave them behind. */
  dropOthers(ownersBeginWith: string, kept: ReadonlySet<string>): Promise<void>
  /** The first 8 hexadecimal digits of a keyed hash. */
  fingerprint(secret: string): string
}

export type OpenRecords = (options: RecordsOptions) => Promise<Records>
