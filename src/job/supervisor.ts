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
import { errorOf, errorReport } from './error-report.ts'
import type { Flow } from './flow/flow.ts'
import { JobProgress } from './job-progress.ts'
import { RateShares } from './flow/rate-shares.ts'
import { RestartPolicy } from './restart-policy.ts'
import type { SupervisorMessage, WorkerMessage, WorkerSettings, WorkerStatus } from './worker/worker-messages.ts'
import { WorkerProcess } from './worker/worker-process.ts'

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

interface Slot {
  readonly settings: WorkerSettings
  readonly restarts: RestartPolicy
  process: WorkerProcess | undefined
  /** Names the process in `progress`. */
  number: number
  ready: boolean
  status: WorkerStatus | undefined
  /** What it said before it exited. */
  failure: MillraceError | undefined
  stderr: string
  restartTimer: NodeJS.Timeout | undefined
}

/** A worker gets this much longer than its drain deadline before it is killed. */
const EXIT_GRACE_MS = 12_000
const STDERR_TAIL = 2000
/** How often the rate is divided anew by what each worker needs. */
const SHARE_INTERVAL_MS = 1000

/**
 * Starts the workers, restarts those that crash, stops them all.
 *
 * Invariant: at most one process a slot; after `stop` or `kill` resolved there is none and none is started.
 */
export class Supervisor {
  readonly progress = new JobProgress()
  readonly metrics = new JobMetrics()
  readonly #options: SupervisorOptions
  readonly #slots: Slot[]
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
  #exited: (() => void)[] = []

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#topics = options.topics
    this.#flow = options.flow ?? { rate: {}, pauses: NOTHING_PAUSED }
    this.#slots = options.workers.map((settings) => ({
      settings,
      restarts: new RestartPolicy(),
      process: undefined,
      number: -1,
      ready: false,
      status: undefined,
      failure: undefined,
      stderr: '',
      restartTimer: undefined
    }))
  }

  start(): void {
    for (const slot of this.#slots) this.#fork(slot)
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
    return this.#slots.map(({ settings, process, ready, status }) => {
      return { index: settings.index, pid: process?.pid, ready, status }
    })
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
    for (const { process, number } of this.#slots) {
      if (process === undefined && number >= 0) this.#mayRepeat.push(...this.progress.uncommittedOf(number))
    }
  }

  /** A rate is shared by the workers that run, so the share of one that comes or goes is the others' at once. */
  #sendFlow(): void {
    const running = this.#slots.filter(({ process }) => process !== undefined)
    const readings = running.map(({ number, status }) => ({
      process: number,
      bytes: status?.metrics.batchBytes.sum ?? 0,
      records: status?.metrics.batchRecords.sum ?? 0
    }))
    const shares = this.#rateShares.divide(this.#flow.rate, readings, performance.now())
    for (const { process, number } of running) {
      process?.send({ type: 'flow', flow: { rate: shares.get(number) ?? {}, pauses: this.#flow.pauses } })
    }
  }

  #killAll(): void {
    for (const { process } of this.#slots) process?.kill()
  }

  #broadcast(message: SupervisorMessage): void {
    for (const { process } of this.#slots) process?.send(message)
  }

  async #whenAllExited(): Promise<void> {
    for (const slot of this.#slots) clearTimeout(slot.restartTimer)
    if (this.#slots.every(({ process }) => process === undefined)) return
    await new Promise<void>((resolve) => this.#exited.push(resolve))
  }

  #fork(slot: Slot): void {
    slot.number = this.#processes++
    slot.failure = undefined
    slot.stderr = ''
    const { number } = slot
    slot.process = new WorkerProcess({
      onMessage: (message) => this.#receive(slot, number, message),
      onExit: (code, signal) => this.#workerExited(slot, code, signal),
      onStderr: (text) => {
        slot.stderr = (slot.stderr + text).slice(-STDERR_TAIL)
      }
    })
    slot.process.send({ type: 'start', settings: { ...slot.settings, topics: this.#topics } })
    this.#sendFlow()
    this.#options.onEvent({ type: 'worker-started', worker: slot.settings.index, pid: slot.process.pid ?? -1 })
  }

  #receive(slot: Slot, number: number, message: WorkerMessage): void {
    const worker = slot.settings.index
    switch (message.type) {
      case 'ready':
        slot.ready = true
        break
      case 'prepare':
        this.#prepare(slot, message.id, message.partitions)
        break
      case 'audit':
        this.#answer(slot, message.id, async () => {
          this.#options.audit(message.entries)
          return {}
        })
        break
      case 'limits':
        this.#answer(slot, message.id, async () => {
          return { limits: Object.fromEntries(await this.#options.limitsOf(message.topics)) }
        })
        break
      case 'pairs':
        this.#answer(slot, message.id, async () => {
          await this.#options.keepPairs?.(message.delivered)
          return {}
        })
        break
      case 'status':
        slot.status = message.status
        this.progress.record(number, message.status.partitions)
        for (const at of message.status.delivered) this.#delivered.set(`${number} ${partitionName(at)}`, at)
        this.metrics.record(number, message.status.metrics)
        if (message.status.partitions.some((partition) => partition.records > 0)) slot.restarts.progressed(Date.now())
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
      case 'failed':
        slot.failure = errorOf(message.error)
        break
      case 'stopped':
        this.#mayRepeat.push(...message.mayRepeat)
        break
    }
  }

  #prepare(slot: Slot, id: number, partitions: readonly TopicPartition[]): void {
    const { process } = slot
    this.#options.prepare(partitions).then(
      (prepared) => process?.send({ type: 'prepared', id, partitions: prepared }),
      (error: unknown) => {
        if (!this.#stopping) this.#options.onFailed(error as MillraceError)
      }
    )
  }

  #answer(
    { process }: Slot,
    id: number,
    answer: () => Promise<{ readonly limits?: Readonly<Record<string, RecordLimits>> }>
  ): void {
    answer().then(
      (given) => process?.send({ type: 'answer', id, ...given }),
      (error: unknown) => process?.send({ type: 'answer', id, error: errorReport(error) })
    )
  }

  #workerExited(slot: Slot, code: number | null, signal: NodeJS.Signals | null): void {
    const { index } = slot.settings
    const { failure } = slot
    slot.process = undefined
    slot.status = undefined
    slot.ready = false
    this.metrics.ended(slot.number)
    if (!this.#stopping) this.#sendFlow()
    if (this.#stopping) {
      if (code !== 0) this.#mayRepeat.push(...this.progress.uncommittedOf(slot.number))
      this.#options.onEvent({ type: 'worker-ended', worker: index })
      this.#wakeIfAllExited()
      return
    }
    const why = describeExit(code, signal, failure, slot.stderr)
    if (failure !== undefined && isForGood(failure)) {
      this.#options.onFailed(failure)
      return
    }
    const delayMs = slot.restarts.next(Date.now())
    if (delayMs === undefined) {
      this.#options.onFailed(crashLoop(index, why))
      return
    }
    this.#restarts += 1
    this.#options.onEvent({
      type: 'worker-crashed',
      worker: index,
      why,
      restartInMs: delayMs,
      ...(failure !== undefined && { code: failure.code, place: failure.place })
    })
    slot.restartTimer = setTimeout(() => this.#fork(slot), delayMs)
  }

  #wakeIfAllExited(): void {
    if (this.#slots.some(({ process }) => process !== undefined)) return
    const exited = this.#exited
    this.#exited = []
    for (const wake of exited) wake()
  }
}

/** Trying again would fail the same way, or lock an account. */
function isForGood({ kind }: MillraceError): boolean {
  return kind === 'authentication' || kind === 'authorisation' || kind === 'configuration' || kind === 'refused'
}

function describeExit(
  code: number | null,
  signal: NodeJS.Signals | null,
  failure: MillraceError | undefined,
  stderr: string
): string {
  if (failure !== undefined) return `${failure.code}: ${failure.message}`
  const how = signal === null ? `exit code ${code ?? '?'}` : signal
  const lastWords = stderr.trim()
  return lastWords === '' ? how : `${how}: ${lastWords}`
}

function crashLoop(index: number, why: string): MillraceError {
  return errorOf({
    code: 'MR_CRASH_LOOP',
    kind: 'client',
    message: `Worker ${index} crashed again and again, the last time with ${why}`,
    next: 'Look at the messages above; nothing was committed that was not delivered.',
    place: {}
  })
}
