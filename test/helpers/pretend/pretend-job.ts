import type {
  History,
  Job,
  JobAction,
  JobEventView,
  JobLifecycleState,
  JobListItem,
  LogLevel,
  LogLine,
  NotCopied,
  PartitionRow,
  PlanView,
  Reason,
  RevisionView,
  TopicPartition
} from '../../../src/api/contract.ts'
import type { Cast } from './pretend-cast.ts'
import { activity, figuresAt, historyOf, sparkline } from './pretend-figures.ts'
import { noise } from './pretend-pages.ts'

const HOUR = 3_600_000
const COPYING = new Set<JobLifecycleState>(['RUNNING', 'DEGRADED'])
const ACTIVE = new Set<JobLifecycleState>(['STARTING', 'RUNNING', 'DEGRADED', 'PAUSED', 'STOPPING'])
const MOST_KEPT = 2000

const ACTIONS: Readonly<Record<JobLifecycleState, readonly JobAction[]>> = {
  DRAFT: ['edit', 'submit', 'delete'],
  SUBMITTED: ['edit', 'submit', 'start', 'reset-position', 'delete'],
  STARTING: ['edit', 'stop'],
  RUNNING: ['edit', 'pause', 'stop'],
  PAUSED: ['edit', 'resume', 'stop'],
  DEGRADED: ['edit', 'pause', 'resume', 'stop'],
  STOPPING: ['edit', 'stop'],
  STOPPED: ['edit', 'submit', 'start', 'reset-position', 'delete'],
  COMPLETED: ['edit', 'submit', 'start', 'reset-position', 'delete'],
  FAILED: ['edit', 'submit', 'start', 'reset-position', 'delete'],
  AUTH_FAILED: ['edit', 'submit', 'start', 'retry-authentication', 'reset-position', 'delete']
}

const SENTENCES: Readonly<Record<JobLifecycleState, string>> = {
  DRAFT: 'Not submitted yet: nothing is checked or copied.',
  SUBMITTED: 'The mapping is approved; it waits to be started.',
  STARTING: 'Connecting to both clusters.',
  RUNNING: 'Copying',
  PAUSED: 'Paused: it keeps its place in the group and copies nothing.',
  DEGRADED: 'Copying; some partitions have stopped.',
  STOPPING: 'What is in flight is delivered and committed, then it ends.',
  STOPPED: 'Stopped. It goes on where it has committed when it is started.',
  COMPLETED: 'Everything up to its end is copied.',
  FAILED: 'It has failed and does not start by itself again.',
  AUTH_FAILED: 'A cluster refused the credentials. It is not tried again by itself, so that no account is locked.'
}

/** A job that only looks as if it ran: its figures are functions of time. */
export class PretendJob {
  readonly seed: number
  cast: Cast
  state: JobLifecycleState
  reason: Reason | null
  runningRevision: number | null
  startedAt: number | null
  endedAt: number | null
  changedAt: number
  readonly createdAt: number
  readonly revisions: RevisionView[] = []
  readonly events: JobEventView[] = []
  readonly logs: LogLine[] = []
  readonly notCopied: NotCopied[] = []
  readonly markers: { at: number; kind: History['markers'][number]['kind']; text: string }[] = []
  paused: { job: boolean; topics: Set<string>; partitions: Map<string, TopicPartition> }
  rateLimit: { bytes: number | null; records: number | null } = { bytes: null, records: null }
  logLevel: LogLevel = 'info'
  approved: PlanView | undefined
  records = 0
  #lastTick = Date.now()
  #nextId = 1

  constructor(cast: Cast, seed: number, config: string, who: string) {
    const now = Date.now()
    this.cast = cast
    this.seed = seed
    this.state = cast.state
    this.reason = cast.reason ?? null
    this.createdAt = now - (cast.hoursOld + 1) * HOUR
    this.changedAt = now - Math.min(cast.hoursOld, 2) * HOUR
    const hasRun = !['DRAFT', 'SUBMITTED'].includes(cast.state)
    this.startedAt = hasRun ? now - cast.hoursOld * HOUR : null
    this.endedAt = hasRun && !ACTIVE.has(cast.state) ? now - Math.min(cast.hoursOld, 3) * HOUR : null
    this.runningRevision = hasRun ? 1 : null
    this.paused = { job: cast.state === 'PAUSED', topics: new Set(), partitions: new Map() }
    this.records = hasRun ? Math.floor(cast.recordsPerSecond * cast.hoursOld * 3600) : 0
    this.keep(config, 'first version', who, this.createdAt)
  }

  get name(): string {
    return this.cast.name
  }

  get isActive(): boolean {
    return ACTIVE.has(this.state)
  }

  get revision(): number {
    return this.revisions.length
  }

  get isCopying(): boolean {
    return COPYING.has(this.state)
  }

  keep(config: string, note: string, who: string, at = Date.now()): void {
    const before = this.revisions.at(-1)?.config ?? ''
    if (before === config && this.revisions.length > 0) return
    this.revisions.push({ revision: this.revision + 1, at, who, note, config, diff: differences(before, config) })
    this.changedAt = at
  }

  enter(state: JobLifecycleState, reason: Reason | null = null): void {
    this.state = state
    this.reason = reason
    this.changedAt = Date.now()
    if (state === 'STARTING') {
      this.startedAt = Date.now()
      this.endedAt = null
      this.records = 0
      this.runningRevision = this.revision
    }
    if (!ACTIVE.has(state)) this.endedAt = this.startedAt === null ? null : Date.now()
    this.markers.push({ at: Date.now(), kind: 'state', text: state })
    this.tell('info', 'state', `${this.name} is ${state}.`)
  }

  tell(level: LogLevel, type: string, text: string): void {
    const at = Date.now()
    this.events.push({ id: this.#nextId++, at, level, type, text })
    if (this.events.length > MOST_KEPT) this.events.shift()
    this.log(level, text, { event: type })
  }

  log(level: LogLevel, message: string, attributes: Readonly<Record<string, unknown>> = {}): void {
    this.logs.push({ id: this.#nextId++, at: Date.now(), level, message, attributes })
    if (this.logs.length > MOST_KEPT) this.logs.shift()
  }

  /** Counts what it would have copied since the last time. */
  tick(now: number): void {
    if (this.isCopying)
      this.records += Math.floor((this.#share() * this.cast.recordsPerSecond * (now - this.#lastTick)) / 1000)
    this.#lastTick = now
  }

  copiedAt(at: number): boolean {
    if (this.startedAt === null || at < this.startedAt || at > (this.endedAt ?? Number.POSITIVE_INFINITY)) return false
    if (this.state === 'PAUSED' && at > this.changedAt) return false
    // A restart yesterday left a gap.
    return Math.floor(at / 90_000) % 400 !== this.seed
  }

  listItem(alarms: JobListItem['alarms']): JobListItem {
    const now = Date.now()
    const partitions = this.partitions(now)
    return {
      name: this.name,
      state: this.state,
      reason: this.reason,
      source: this.cast.source,
      target: this.cast.target,
      figures:
        this.startedAt === null
          ? null
          : figuresAt(this.cast, this.seed, now, this.#share(), {
              records: this.records,
              restarts: this.state === 'FAILED' ? 5 : 0
            }),
      sparkline: sparkline(this.cast, this.seed, now, (at) => this.copiedAt(at)),
      topics: this.cast.topics.length,
      partitions: {
        total: partitions.length,
        stopped: partitions.filter(({ state }) => state === 'stopped').length,
        paused: partitions.filter(({ state }) => state === 'paused').length,
        stuck: 0
      },
      alarms,
      changedAt: this.changedAt
    }
  }

  view(alarms: JobListItem['alarms']): Job {
    const item = this.listItem(alarms)
    return {
      ...item,
      revision: this.revision,
      runningRevision: this.runningRevision,
      restartNeeded:
        this.isActive && this.runningRevision !== null && this.runningRevision < this.revision ? ['workers'] : [],
      config: this.revisions.at(-1)?.config ?? '',
      sentence: this.#sentence(item),
      actions: ACTIONS[this.state],
      createdAt: this.createdAt,
      startedAt: this.startedAt,
      endedAt: this.endedAt,
      groupId: this.name,
      paused: {
        job: this.paused.job,
        topics: [...this.paused.topics],
        partitions: [...this.paused.partitions.values()]
      },
      rateLimit: this.rateLimit,
      logLevel: this.logLevel,
      sourceCluster: this.startedAt === null ? null : clusterOf(this.cast.source),
      targetCluster: this.startedAt === null ? null : clusterOf(this.cast.target),
      failovers: { count: this.state === 'FAILED' ? 5 : this.state === 'STARTING' ? 2 : 0, most: 5, windowMinutes: 10 },
      isRestartPending: this.state === 'STARTING' && this.reason !== null
    }
  }

  partitions(now = Date.now()): PartitionRow[] {
    const stopped = new Map(this.cast.stopped?.map((stop) => [`${stop.topic}-${stop.partition}`, stop.reason]))
    const total = this.cast.topics.reduce((sum, { partitions }) => sum + partitions, 0)
    return this.cast.topics.flatMap(({ name, partitions }, topicIndex) =>
      Array.from({ length: partitions }, (_, partition): PartitionRow => {
        const key = `${name}-${partition}`
        const share = (0.5 + noise(this.seed, topicIndex, partition)) / total
        const reason = (this.isActive && stopped.get(key)) || null
        const isPaused = this.paused.job || this.paused.topics.has(name) || this.paused.partitions.has(key)
        const state = !this.isActive
          ? 'done'
          : reason !== null
            ? 'stopped'
            : isPaused
              ? 'paused'
              : this.state === 'STARTING'
                ? 'starting'
                : 'copying'
        const rate =
          state === 'copying' && this.isCopying
            ? this.cast.recordsPerSecond * activity(this.seed + partition, now) * share
            : 0
        const copied = Math.floor(this.records * share)
        const from = Math.floor(noise(this.seed, topicIndex, partition, 5) * 1_000_000_000)
        const lag = Math.floor(
          (state === 'stopped' ? 40 : 1) * this.cast.lag * share * (1.6 - 0.7 * activity(this.seed, now))
        )
        const known = this.startedAt !== null
        return {
          topic: name,
          partition,
          target: this.cast.targetName.replace('#{source_Topic_name}', name),
          state,
          from: known ? from : null,
          to: known ? from + copied : null,
          end: known ? from + copied + lag : null,
          lag: known ? lag : null,
          records: copied,
          recordsPerSecond: Math.round(rate),
          bytesPerSecond: Math.round(rate * this.cast.recordBytes),
          reason
        }
      })
    )
  }

  history(request: { readonly from?: number; readonly to?: number }): History {
    return historyOf(this.cast, this.seed, (at) => this.copiedAt(at), request, this.markers)
  }

  /** How much of its usual rate it may copy. */
  #share(): number {
    if (!this.isCopying) return 0
    const { bytes, records } = this.rateLimit
    const { recordsPerSecond, recordBytes } = this.cast
    return Math.min(1, (records ?? Infinity) / recordsPerSecond, (bytes ?? Infinity) / (recordsPerSecond * recordBytes))
  }

  #sentence({ topics, figures, partitions }: JobListItem): string {
    const text = SENTENCES[this.state]
    if (this.state !== 'RUNNING' || figures === null) return text
    const side = figures.limiting === 'nothing' ? 'nothing limits' : `the ${figures.limiting} limits`
    return `${text} ${topics} topics with ${partitions.total} partitions; ${figures.lagRecords ?? 0} records behind; ${side}.`
  }
}

export function clusterOf(connection: string): NonNullable<Job['sourceCluster']> {
  return {
    clusterId: `${connection}-cluster-id`,
    brokers: 3,
    connection,
    bootstrapServers: [1, 2, 3].map((broker) => `${connection}-${broker}.example:9093`).join(',')
  }
}

/** Line by line, good enough to be looked at. */
export function differences(before: string, after: string): string {
  const [old, changed] = [before.split('\n'), after.split('\n')]
  const removed = old.filter((line) => line !== '' && !changed.includes(line)).map((line) => `-${line}`)
  const lines = changed.filter((line) => line !== '').map((line) => (old.includes(line) ? ` ${line}` : `+${line}`))
  return ['--- before', '+++ after', `@@ -1,${old.length} +1,${changed.length} @@`, ...removed, ...lines].join('\n')
}
