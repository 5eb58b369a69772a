import { join } from 'node:path'
import type {
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
import type { PageRequest } from '../service-port.ts'
import { BadRecordCount } from './bad-record-count.ts'
import { JobHistory } from './job-history.ts'
import { LineStore } from './line-store.ts'
import { atLeast, logMatches } from './match-log.ts'
import { cursorId, pageLimit } from './page-limit.ts'
import { readNotCopied } from './read-not-copied.ts'
import type { JobRecorder, JobTelling, RecordedJob } from './records.ts'

type Marker = History['markers'][number]
type LogRequest = Parameters<JobRecorder['logs']>[1]

const MIB = 1024 * 1024
const MOST_TEXT = 16 * 1024
const MOST_MARKERS = 500
/** A rebalance tells once a worker, one after another. */
const ONE_REBALANCE_MS = 10_000
const MARKERS: Readonly<Record<string, Marker['kind']>> = {
  'worker-crashed': 'restart',
  assigned: 'rebalance',
  revoked: 'rebalance'
}

/**
 * What is kept of one job.
 *
 * Invariant: nothing that is told throws; what the disk did not take is in `trouble` until it takes something again.
 */
export class JobRecord {
  readonly job: RecordedJob
  readonly #history: JobHistory
  readonly #events: LineStore<JobEventView>
  readonly #log: LineStore<LogLine>
  readonly #markerFile: LineStore<Marker & { readonly id: number }>
  readonly #markers: Marker[]
  readonly #bad = new BadRecordCount()
  #measuredAt = -Infinity
  #historyTrouble: Error | undefined

  private constructor(
    job: RecordedJob,
    history: JobHistory,
    stores: {
      readonly events: LineStore<JobEventView>
      readonly log: LineStore<LogLine>
      readonly markers: LineStore<Marker & { readonly id: number }>
    },
    markers: readonly Marker[]
  ) {
    this.job = job
    this.#history = history
    this.#events = stores.events
    this.#log = stores.log
    this.#markerFile = stores.markers
    this.#markers = [...markers]
  }

  /** Rejects when something is there that can't be read. Damaged history is moved aside, which is told. */
  static async open(job: RecordedJob, now: number): Promise<JobRecord> {
    const at = (name: string): string => join(job.logDirectory, name)
    const [events, log, markers] = await Promise.all([
      LineStore.open<JobEventView>({ path: at('events.jsonl'), maxSizeBytes: 2 * MIB, maxFiles: 3 }),
      LineStore.open<LogLine>({ path: at('log.jsonl'), maxSizeBytes: 8 * MIB, maxFiles: 4 }),
      LineStore.open<Marker & { readonly id: number }>({
        path: at('markers.jsonl'),
        maxSizeBytes: MIB / 8,
        maxFiles: 1
      })
    ])
    const known = await markers.read({ limit: MOST_MARKERS })
    const { history, movedTo } = JobHistory.open(job.logDirectory, now)
    const record = new JobRecord(
      job,
      history,
      { events, log, markers },
      known.map(({ at: when, kind, text }) => ({ at: when, kind, text })).reverse()
    )
    for (const path of movedTo) {
      const text = `A file with the history of the job was damaged. It is ${path} now, and the history begins anew.`
      record.told({ at: now, level: 'warn', type: 'history-damaged', text, attributes: {} }, 'debug')
    }
    return record
  }

  /** When figures were told last. */
  get measuredAt(): number {
    return this.#measuredAt
  }

  /** What the disk does not take; undefined = nothing. */
  get trouble(): Error | undefined {
    return this.#events.trouble ?? this.#log.trouble ?? this.#markerFile.trouble ?? this.#historyTrouble
  }

  measured(at: number, figures: JobFigures): void {
    this.#measuredAt = at
    this.#bad.add(at, figures.notCopied.deadLettered + figures.notCopied.skipped)
    this.#keepHistory(() => this.#history.measured(at, figures))
  }

  entered(at: number, state: JobLifecycleState, reason: Reason | null): JobEventView {
    const why = reason === null ? '' : `: ${reason.message}${reason.next === null ? '' : ` Next: ${reason.next}`}`
    const isBad = state === 'FAILED' || state === 'AUTH_FAILED'
    this.mark({ at, kind: 'state', text: state })
    if (!isCopying(state)) this.#keepHistory(() => this.#history.flush())
    return this.#events.append({
      at,
      level: isBad ? 'error' : state === 'DEGRADED' ? 'warn' : 'info',
      type: 'state',
      text: cut(`The job is ${state}${why === '' ? '.' : why}`)
    })
  }

  /** @param level what the log takes */
  told(
    telling: JobTelling,
    level: LogLevel
  ): { readonly event: JobEventView | undefined; readonly line: LogLine | undefined } {
    const { at, type, attributes } = telling
    const text = cut(telling.text)
    const kind = MARKERS[type]
    if (kind !== undefined) this.mark({ at, kind, text: kind === 'rebalance' ? 'Partitions were given anew' : text })
    const event = isEvent(telling) ? this.#events.append({ at, level: telling.level, type, text }) : undefined
    const line = atLeast(telling.level, level)
      ? this.#log.append({ at, level: telling.level, message: text, attributes: { event: type, ...attributes } })
      : undefined
    return { event, line }
  }

  mark(marker: Marker): void {
    const isSame = ({ at, kind }: Marker): boolean => kind === 'rebalance' && marker.at - at < ONE_REBALANCE_MS
    if (marker.kind === 'rebalance' && this.#markers.some(isSame)) return
    this.#markers.push(marker)
    if (this.#markers.length > MOST_MARKERS) this.#markers.shift()
    this.#markerFile.append(marker)
  }

  sparkline(now: number): readonly (number | null)[] {
    return this.#history.sparkline(now)
  }

  badRecords(now: number): number | null {
    return this.#bad.recent(now)
  }

  history(request: { readonly from?: number; readonly to?: number }, now: number): History {
    const history = this.#history.read(request, now)
    const from = history.at[0] ?? request.from ?? now
    const to = request.to ?? now
    return { ...history, markers: this.#markers.filter(({ at }) => at >= from && at <= to) }
  }

  async events(request: PageRequest): Promise<Page<JobEventView>> {
    const [before, limit] = [cursorId(request), pageLimit(request)]
    const items = await this.#events.read({ limit: limit + 1, ...(before !== undefined && { before }) })
    const shown = items.slice(0, limit)
    const next = items.length > limit ? String(shown.at(-1)?.id) : null
    return { items: shown, total: await this.#events.count(), nextCursor: next }
  }

  async logs(request: LogRequest): Promise<readonly LogLine[]> {
    const { before, after } = request
    const lines = await this.#log.read({
      limit: pageLimit(request),
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      ...logMatches(request)
    })
    return after === undefined ? [...lines].reverse() : lines
  }

  async notCopied(request: PageRequest): Promise<Page<NotCopied>> {
    return await readNotCopied(this.job.stateDirectory, request)
  }

  close(): void {
    this.#keepHistory(() => this.#history.close())
    for (const store of [this.#events, this.#log, this.#markerFile]) store.close()
  }

  #keepHistory(write: () => void): void {
    try {
      write()
      this.#historyTrouble = undefined
    } catch (error) {
      this.#historyTrouble = error as Error
    }
  }
}

/** Debug tellings, and what clients say that is no warning, are no events; the state of the job is told by `entered`. */
function isEvent({ level, type }: JobTelling): boolean {
  return level !== 'debug' && type !== 'state' && !(type === 'client-event' && level === 'info')
}

function isCopying(state: JobLifecycleState): boolean {
  return state === 'RUNNING' || state === 'DEGRADED' || state === 'PAUSED' || state === 'STOPPING'
}

function cut(text: string): string {
  return text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}…`
}
