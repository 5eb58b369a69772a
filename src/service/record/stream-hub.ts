import { randomBytes } from 'node:crypto'
import type { Health, LogLine, StreamMessage } from '../../api/contract.ts'
import type { Streamed, StreamRequest } from '../service-port.ts'
import { PartitionChanges } from './partition-changes.ts'
import type { JobsView } from './records.ts'
import { StreamListener, type StateKind } from './stream-listener.ts'
import { type Happening, StreamReplay } from './stream-replay.ts'

export interface StreamHubOptions {
  readonly view: Pick<JobsView, 'names' | 'item' | 'job' | 'partitions'>
  readonly health: () => Health
}

/** States are asked for at most this often. */
const TICK_MS = 1000
/** Lines that come together go together. */
const LOG_MS = 200
const MOST_LINES = 500
/** Of a job with more partitions, rows are sent less often: 5,000 every five seconds. */
const ROWS_A_TICK = 1000

/**
 * What `ServicePort.stream` sends, for many listeners at once.
 *
 * Invariant: a state (jobs, job, partitions, health) is made once a tick, whoever listens, and never while nobody does:
 * then no timer runs. What happens (event, log, alarm) has a number, kept for a while for those who come back.
 */
export class StreamHub {
  readonly #options: StreamHubOptions
  readonly #replay = new StreamReplay()
  readonly #listeners = new Set<StreamListener>()
  /** Ids of another process mean nothing to this one. */
  readonly #epoch = randomBytes(4).toString('hex')
  readonly #changed = new Set<string>()
  readonly #rowsChanged = new Set<string>()
  readonly #made = new Map<string, StreamMessage>()
  readonly #partitions = new Map<string, PartitionChanges>()
  readonly #lines = new Map<string, LogLine[]>()
  #number = 0
  #ticks = 0
  #timer: NodeJS.Timeout | undefined
  #logTimer: NodeJS.Timeout | undefined

  constructor(options: StreamHubOptions) {
    this.#options = options
  }

  get listeners(): number {
    return this.#listeners.size
  }

  happened(message: Exclude<Happening, { readonly type: 'log' }>): void {
    this.#send(message)
  }

  logged(job: string, line: LogLine): void {
    const lines = this.#lines.get(job)
    if (lines === undefined) this.#lines.set(job, [line])
    else if (lines.push(line) >= MOST_LINES) this.#sendLines()
    this.#logTimer ??= setTimeout(() => this.#sendLines(), LOG_MS).unref()
  }

  changed(job: string): void {
    if (this.#listeners.size > 0) this.#changed.add(job)
  }

  healthChanged(): void {
    this.#made.delete('health')
    for (const listener of this.#listeners) listener.changed('health')
  }

  /** Until the signal aborts. */
  async *listen(request: StreamRequest, signal: AbortSignal): AsyncGenerator<Streamed> {
    const listener = new StreamListener(request, this.#number, (number) => `${this.#epoch}-${number}`)
    const leave = (): void => this.#leave(listener)
    if (signal.aborted) return
    signal.addEventListener('abort', leave, { once: true })
    this.#join(listener)
    try {
      while (!signal.aborted) {
        const next = listener.take((kind) => this.#stateOf(kind, listener))
        if (next === undefined) await listener.awake(signal)
        else yield next
      }
    } finally {
      signal.removeEventListener('abort', leave)
      leave()
    }
  }

  close(): void {
    clearTimeout(this.#logTimer)
    clearInterval(this.#timer)
  }

  #join(listener: StreamListener): void {
    this.#listeners.add(listener)
    // What came together with lines that still wait would overtake them.
    this.#sendLines()
    this.#catchUp(listener)
    for (const kind of ['health', 'jobs', 'job', 'partitions'] as const) listener.changed(kind)
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref()
  }

  #catchUp(listener: StreamListener): void {
    const { lastEventId, log } = listener.request
    if (lastEventId === undefined) return
    const [, epoch, number] = /^([0-9a-f]{8})-(\d{1,15})$/.exec(lastEventId) ?? []
    const isOurs = epoch === this.#epoch && Number(number) <= this.#number
    const missed = isOurs ? this.#replay.after(Number(number), log !== undefined) : undefined
    if (missed === undefined) listener.reset()
    else for (const one of missed) listener.happened(one)
  }

  #leave(listener: StreamListener): void {
    listener.wake()
    if (!this.#listeners.delete(listener)) return
    const { job } = listener.request
    if (job !== undefined && ![...this.#listeners].some(({ request }) => request.job === job && request.partitions)) {
      this.#partitions.delete(job)
    }
    if (this.#listeners.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
    for (const kept of [this.#changed, this.#rowsChanged, this.#made, this.#partitions]) kept.clear()
  }

  #tick(): void {
    this.#ticks++
    if (this.#changed.size > 0) this.#tellChanges()
    for (const job of this.#rowsChanged) this.#tellRows(job)
  }

  #tellChanges(): void {
    this.#made.clear()
    for (const listener of this.#listeners) {
      const { job } = listener.request
      listener.changed('jobs')
      if (job !== undefined && this.#changed.has(job)) listener.changed('job')
    }
    for (const job of this.#changed) if (this.#partitions.has(job)) this.#rowsChanged.add(job)
    this.#changed.clear()
  }

  #tellRows(job: string): void {
    const changes = this.#partitions.get(job)
    if (changes !== undefined && this.#ticks % Math.max(1, Math.ceil(changes.size / ROWS_A_TICK)) !== 0) return
    this.#rowsChanged.delete(job)
    changes?.update(this.#options.view.partitions(job))
    for (const listener of this.#listeners) if (listener.request.job === job) listener.changed('partitions')
  }

  #stateOf(kind: StateKind, listener: StreamListener): StreamMessage | undefined {
    const { view, health } = this.#options
    const { job = '' } = listener.request
    switch (kind) {
      case 'health':
        return this.#once('health', () => ({ type: 'health', health: health() }))
      case 'jobs':
        return this.#once('jobs', () => {
          const items = view.names().map((name) => view.item(name))
          return { type: 'jobs', jobs: items.filter((item) => item !== undefined) }
        })
      case 'job':
        return this.#once(`job ${job}`, () => {
          const now = view.job(job)
          return now === undefined ? undefined : { type: 'job', job: now }
        })
      case 'partitions': {
        const changes = this.#changesOf(job)
        const since = listener.partitionsVersion
        listener.partitionsVersion = changes.version
        return this.#once(`partitions ${job} ${since} ${changes.version}`, () => {
          const partitions = changes.since(since)
          return partitions.length === 0 ? undefined : { type: 'partitions', job, partitions }
        })
      }
    }
  }

  #changesOf(job: string): PartitionChanges {
    let changes = this.#partitions.get(job)
    if (changes === undefined) {
      changes = new PartitionChanges()
      changes.update(this.#options.view.partitions(job))
      this.#partitions.set(job, changes)
    }
    return changes
  }

  /** The same object for all, so that who sends it may make its text once. */
  #once(key: string, make: () => StreamMessage | undefined): StreamMessage | undefined {
    let message = this.#made.get(key)
    if (message === undefined) {
      message = make()
      if (message !== undefined) this.#made.set(key, message)
    }
    return message
  }

  #sendLines(): void {
    clearTimeout(this.#logTimer)
    this.#logTimer = undefined
    for (const [job, lines] of this.#lines) this.#send({ type: 'log', job, lines })
    this.#lines.clear()
  }

  #send(message: Happening): void {
    const numbered = { number: ++this.#number, message }
    this.#replay.add(numbered)
    for (const listener of this.#listeners) listener.happened(numbered)
  }
}
