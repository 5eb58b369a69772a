import type { AuditEntry } from '../model/audit-entry.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import type { MillraceError } from '../model/millrace-error.ts'
import type { RecordLimits } from '../model/record-limits.ts'
import type { DeliveredRuns } from '../model/offset-pairs.ts'
import type { OffsetRange } from '../model/offset-range.ts'
import type { StopReason } from '../model/stop-reason.ts'
import { partitionName, type PartitionOffset, type TopicPartition } from '../model/topic-partition.ts'
import type { PreparedPartition } from '../pipeline/types.ts'
import type { JobEvent } from '../telemetry/events.ts'
import { JobMetrics } from '../telemetry/metrics/job-metrics.ts'
import { NOTHING_PAUSED } from '../model/pauses.ts'
import { isLimited } from '../model/rate.ts'
import { errorReport } from './error-report.ts'
import type { Flow } from './flow/flow.ts'
import { JobProgress } from './job-progress.ts'
import { RateShares } from './flow/rate-shares.ts'
import type { SupervisorMessage, WorkerMessage, WorkerSettings, WorkerStatus } from './worker/worker-messages.ts'
import { WorkerSlot, type Sender } from './worker/worker-slot.ts'

export interface SupervisorOptions {
  readonly workers: readonly WorkerSettings[]
  readonly topics: readonly string[]
  /** Of the whole job. */
  readonly flow?: Flow
  /** Where to begin, where to end and where to, of partitions that a worker was given. Tries until it can tell. */
  readonly prepare: (partitions: readonly TopicPartition[]) => Promise<readonly PreparedPartition[]>
  /** Returns when the audit trail has the entries; throws a MillraceError when it can't. */
  readonly audit: (entries: readonly AuditEntry[]) => void
  /** Resolves when these pairs are kept, or can't be. */
  readonly keepPairs?: (delivered: readonly DeliveredRuns[]) => Promise<void>
  /** What target topics take of a record. */
  readonly limitsOf: (topics: readonly string[]) => Promise<ReadonlyMap<string, RecordLimits>>
  readonly onEvent: (event: JobEvent) => void
  /** Offsets of a gapless topic had no record. */
  readonly onHole: (partition: TopicPartition, hole: OffsetRange) => void
  /** The log of a partition is not what it was: `stopPartitions` or `reassign` is to follow. */
  readonly onDoubt: (partition: TopicPartition, reason: StopReason) => void
  /** Some partition completed or stopped: the job may be done. */
  readonly onPartitionDone: () => void
  /** The job can't go on; `stop` must still be called. */
  readonly onFailed: (error: MillraceError) => void
}

/** A worker as it is now; without a process while it waits for its next start. */
export interface SupervisedWorker {
  readonly index: number
  readonly pid: number | undefined
  /** It has joined the group. */
  readonly ready: boolean
  /** The newest; undefined until there is one. */
  readonly status: WorkerStatus | undefined
}

/** A worker gets this much longer than its drain deadline before it is killed. */
const EXIT_GRACE_MS = 12_000
/** How often the rate is divided anew by what each worker needs. */
const SHARE_INTERVAL_MS = 1000

/**
 * The workers of a job as one: starts them, gathers what they tell, answers what they ask, stops them all.
 *
 * Invariant: after `stop` or `kill` resolved there is no process of a worker and none is started.
 */
export class Supervisor {
  readonly progress = new JobProgress()
  readonly metrics = new JobMetrics()
  readonly #options: SupervisorOptions
  readonly #slots: WorkerSlot[]
  /** By worker process and target partition. */
  readonly #delivered = new Map<string, PartitionOffset>()
  readonly #mayRepeat: MayRepeat[] = []
  #topics: readonly string[]
  #flow: Flow
  readonly #rateShares = new RateShares()
  #shareTimer: NodeJS.Timeout | undefined
  #processes = 0
  #restarts = 0
  #stopping = false
  #waitForExit: (() => void)[] = []

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#topics = options.topics
    this.#flow = options.flow ?? { rate: {}, pauses: NOTHING_PAUSED }
    this.#slots = options.workers.map(
      (settings) =>
        new WorkerSlot({
          settings,
          nextNumber: () => this.#processes++,
          onStarted: (slot) => this.#started(slot, settings),
          onMessage: (message, sender) => this.#receive(message, sender),
          onExited: (slot, { clean }) => this.#exited(slot, clean),
          onCrashed: ({ index }, { why, failure, restartInMs }) => {
            this.#restarts += 1
            options.onEvent({
              type: 'worker-crashed',
              worker: index,
              why,
              restartInMs,
              ...(failure !== undefined && { code: failure.code, place: failure.place })
            })
          },
          onFailed: options.onFailed
        })
    )
  }

  start(): void {
    for (const slot of this.#slots) slot.start()
    this.#shareTimer = setInterval(() => {
      if (this.#slots.length > 1 && isLimited(this.#flow.rate)) this.#sendFlow()
    }, SHARE_INTERVAL_MS)
  }

  /** How fast the job may copy from now on, and what not at all: workers that are started later are told, too. */
  setFlow(flow: Flow): void {
    this.#flow = flow
    this.#sendFlow()
  }

  workers(): SupervisedWorker[] {
    return this.#slots.map(({ index, pid, ready, status }) => ({ index, pid, ready, status }))
  }

  get restarts(): number {
    return this.#restarts
  }

  /** Up to where target partitions have acknowledged what was sent to them. */
  delivered(): readonly PartitionOffset[] {
    const furthest = new Map<string, PartitionOffset>()
    for (const at of this.#delivered.values()) {
      if (at.offset > (furthest.get(partitionName(at))?.offset ?? -1)) furthest.set(partitionName(at), at)
    }
    return [...furthest.values()]
  }

  setTopics(topics: readonly string[]): void {
    this.#topics = topics
    this.#broadcast({ type: 'topics', topics })
  }

  /** Whoever has these partitions reads them no further. */
  stopPartitions(partitions: readonly (TopicPartition & { readonly reason: StopReason })[]): void {
    this.#broadcast({ type: 'stop-partitions', partitions })
  }

  /** Whoever has these partitions lets them go and has them prepared anew. */
  reassign(partitions: readonly TopicPartition[]): void {
    this.#broadcast({ type: 'reassign', partitions })
  }

  setEnds(ends: readonly PartitionOffset[]): void {
    this.#broadcast({ type: 'ends', ends })
  }

  /**
   * Drains all workers, at most `timeoutMs`, then ends them. Returns what may be copied again; a worker that had to be
   * killed has all that it did not commit in it.
   */
  async stop(timeoutMs: number): Promise<readonly MayRepeat[]> {
    this.#beginStopping()
    this.#broadcast({ type: 'stop', timeoutMs })
    const timer = setTimeout(() => this.#killAll(), timeoutMs + EXIT_GRACE_MS)
    await this.#whenAllExited()
    clearTimeout(timer)
    return this.#mayRepeat
  }

  /** Ends all workers at once. */
  async kill(): Promise<readonly MayRepeat[]> {
    this.#beginStopping()
    this.#killAll()
    await this.#whenAllExited()
    return this.#mayRepeat
  }

  #beginStopping(): void {
    if (this.#stopping) return
    this.#stopping = true
    clearInterval(this.#shareTimer)
    // A worker that crashed and was not started again yet: nobody else copies what it left behind in this run.
    for (const slot of this.#slots) {
      slot.hold()
      if (!slot.runs && slot.number >= 0) this.#mayRepeat.push(...this.progress.uncommittedOf(slot.number))
    }
  }

  /** A rate is shared by the workers that run, so the share of one that comes or goes is the others' at once. */
  #sendFlow(): void {
    const running = this.#slots.filter(({ runs }) => runs)
    const readings = running.map(({ number, status }) => ({
      process: number,
      bytes: status?.metrics.batchBytes.sum ?? 0,
      records: status?.metrics.batchRecords.sum ?? 0
    }))
    const shares = this.#rateShares.divide(this.#flow.rate, readings, performance.now())
    for (const slot of running) {
      slot.send({ type: 'flow', flow: { rate: shares.get(slot.number) ?? {}, pauses: this.#flow.pauses } })
    }
  }

  #killAll(): void {
    for (const slot of this.#slots) slot.kill()
  }

  #broadcast(message: SupervisorMessage): void {
    for (const slot of this.#slots) slot.send(message)
  }

  async #whenAllExited(): Promise<void> {
    if (!this.#slots.some(({ runs }) => runs)) return
    await new Promise<void>((resolve) => this.#waitForExit.push(resolve))
  }

  #started(slot: WorkerSlot, settings: WorkerSettings): void {
    slot.send({ type: 'start', settings: { ...settings, topics: this.#topics } })
    this.#sendFlow()
    this.#options.onEvent({ type: 'worker-started', worker: slot.index, pid: slot.pid ?? -1 })
  }

  #receive(message: WorkerMessage, { worker, number, send }: Sender): void {
    switch (message.type) {
      case 'prepare':
        this.#prepare(message.id, message.partitions, send)
        break
      case 'audit':
        this.#answer(message.id, send, async () => {
          this.#options.audit(message.entries)
          return {}
        })
        break
      case 'limits':
        this.#answer(message.id, send, async () => {
          return { limits: Object.fromEntries(await this.#options.limitsOf(message.topics)) }
        })
        break
      case 'pairs':
        this.#answer(message.id, send, async () => {
          await this.#options.keepPairs?.(message.delivered)
          return {}
        })
        break
      case 'status':
        this.progress.record(number, message.status.partitions)
        for (const at of message.status.delivered) this.#delivered.set(`${number} ${partitionName(at)}`, at)
        this.metrics.record(number, message.status.metrics)
        break
      case 'event':
        this.#options.onEvent({ type: 'mirror', worker, event: message.event })
        if (message.event.type === 'completed' || message.event.type === 'partition-stopped') {
          this.#options.onPartitionDone()
        }
        break
      case 'hole':
        this.#options.onHole(message.partition, message.hole)
        break
      case 'doubt':
        this.#options.onDoubt(message.partition, message.reason)
        break
      case 'client-event':
        this.#options.onEvent({ ...message, worker })
        break
      case 'export-problem':
        this.#options.onEvent(message)
        break
      case 'stopped':
        this.#mayRepeat.push(...message.mayRepeat)
        break
      // Known by the slot.
      case 'ready':
      case 'failed':
        break
    }
  }

  #prepare(id: number, partitions: readonly TopicPartition[], send: Sender['send']): void {
    this.#options.prepare(partitions).then(
      (prepared) => send({ type: 'prepared', id, partitions: prepared }),
      (error: unknown) => {
        if (!this.#stopping) this.#options.onFailed(error as MillraceError)
      }
    )
  }

  #answer(
    id: number,
    send: Sender['send'],
    answer: () => Promise<{ readonly limits?: Readonly<Record<string, RecordLimits>> }>
  ): void {
    answer().then(
      (given) => send({ type: 'answer', id, ...given }),
      (error: unknown) => send({ type: 'answer', id, error: errorReport(error) })
    )
  }

  #exited(slot: WorkerSlot, clean: boolean): void {
    this.metrics.ended(slot.number)
    if (!this.#stopping) return this.#sendFlow()
    if (!clean) this.#mayRepeat.push(...this.progress.uncommittedOf(slot.number))
    this.#options.onEvent({ type: 'worker-ended', worker: slot.index })
    this.#wakeIfAllExited()
  }

  #wakeIfAllExited(): void {
    if (this.#slots.some(({ runs }) => runs)) return
    const waiting = this.#waitForExit
    this.#waitForExit = []
    for (const wake of waiting) wake()
  }
}
