import { createConsumer, createProducer, leakedBatches, processMemory } from '../../client/create-clients.ts'
import type { BatchConsumer, BatchProducer, ClientEvent } from '../../client/types.ts'
import { RECORD_OVERHEAD_BYTES } from '../../model/batch.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import type { DeliveredRuns } from '../../model/offset-pairs.ts'
import type { BadRecordRules } from '../../pipeline/bad-records.ts'
import { Mirror, type MirrorStatus } from '../../pipeline/mirror.ts'
import type { PartitionStatus } from '../../pipeline/types.ts'
import { BrokerMeter } from '../../telemetry/metrics/broker-statistics.ts'
import type { MirrorEvent } from '../../telemetry/events.ts'
import { LoopDelayMeter } from '../../telemetry/metrics/loop-delay-meter.ts'
import { errorReport } from '../error-report.ts'
import { writeLatePairs } from '../pairs/late-pairs.ts'
import type { Flow } from '../flow/flow.ts'
import { BUSY_KEEPS_BYTES, SpareMemory } from './spare-memory.ts'
import type { SupervisorMessage, WorkerMessage, WorkerSettings } from './worker-messages.ts'
import { WorkerQuestions } from './worker-questions.ts'
import { startWorkerTraces, type WorkerTraces } from './worker-traces.ts'

const STATUS_INTERVAL_MS = 500
/** Larger polls give nothing more; smaller ones cost more calls. */
const POLL_BYTES = 4 * 1024 * 1024
const POLL_TIMEOUT_MS = 100
/** librdkafka makes a document of some 100 KB each time, so it does only when somebody reads metrics. */
const STATISTICS_INTERVAL_MS = 5000
/** Room in the producer's queue beyond demand's limit: a batch may exceed demand by what one poll brings. */
const QUEUE_MARGIN_BYTES = 2 * POLL_BYTES
/** The supervisor has reached both clusters; if one is away now, the worker waits for it as it would later. */
const DONT_WAIT = 0

export interface WorkerChannel {
  readonly send: (message: WorkerMessage) => void
  /** Called once, when the worker has nothing more to do. */
  readonly exit: (code: number) => void
}

/**
 * The child process's side: one consumer, one producer, one mirror, told what to do by the supervisor.
 *
 * Invariant: it ends by `stop` or by a failure, whichever comes first, and says `stopped` exactly once if its clients
 * were closed in order.
 */
export class Worker {
  readonly #channel: WorkerChannel
  readonly #abort = new AbortController()
  readonly #questions: WorkerQuestions
  #mirror: Mirror | undefined
  #flow: Flow | undefined
  #traces: WorkerTraces | undefined
  #lastSent = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #ending = false
  #leaked = 0
  readonly #brokers = { source: new BrokerMeter('source'), target: new BrokerMeter('target') }
  #loopDelay: LoopDelayMeter | undefined

  constructor(channel: WorkerChannel) {
    this.#channel = channel
    this.#questions = new WorkerQuestions((message) => channel.send(message))
  }

  receive(message: SupervisorMessage): void {
    switch (message.type) {
      case 'start':
        this.#start(message.settings).catch((error: unknown) => this.#failed(error))
        break
      case 'prepared':
      case 'answer':
        this.#questions.answered(message)
        break
      case 'topics':
        this.#mirror?.subscribe(message.topics)
        break
      case 'ends':
        this.#mirror?.endRanges(message.ends)
        break
      case 'flow':
        this.#flow = message.flow
        this.#mirror?.setFlow(message.flow)
        break
      case 'stop-partitions':
        this.#mirror?.stopPartitions(message.partitions)
        break
      case 'reassign':
        this.#mirror?.reassign(message.partitions)
        break
      case 'stop':
        void this.stop(message.timeoutMs)
        break
    }
  }

  /** Drains, commits, closes and exits; after the deadline whatever is left may be copied again. */
  async stop(timeoutMs: number): Promise<void> {
    if (this.#ending) return
    this.#ending = true
    this.#abort.abort()
    clearInterval(this.#timer)
    try {
      const mayRepeat = (await this.#mirror?.stop(timeoutMs)) ?? []
      this.#sendStatus()
      this.#channel.send({ type: 'stopped', mayRepeat })
      await this.#traces?.end()
      this.#channel.exit(0)
    } catch (error) {
      this.#channel.send({ type: 'failed', error: errorReport(error) })
      this.#channel.exit(1)
    }
  }

  /** There is no supervisor any more. */
  async orphaned(timeoutMs: number): Promise<void> {
    this.#questions.end()
    await this.stop(timeoutMs)
  }

  async #start(settings: WorkerSettings): Promise<void> {
    if (settings.exposeMetrics) this.#loopDelay = new LoopDelayMeter()
    const consumer = await this.#createConsumer(settings)
    const producer = await this.#createProducer(settings)
    this.#traces = await this.#startTraces(settings)
    const mirror = new Mirror(consumer, producer, {
      tracer: this.#traces?.tracer,
      policy: settings.policy,
      firstPartition: settings.index,
      inFlightBytes: settings.memory.inFlightBytes,
      pollBytes: POLL_BYTES,
      pollTimeoutMs: POLL_TIMEOUT_MS,
      commitIntervalMs: settings.commitIntervalMs,
      drainTimeoutMs: settings.drainTimeoutMs,
      prepare: async (partitions) => await this.#questions.prepare(partitions),
      createProducer: async (batchBytes) => await this.#createProducer({ ...settings, producerBatchBytes: batchBytes }),
      badRecords: this.#badRecords(settings),
      keepPairs: async (delivered) => await this.#keepPairs(settings, delivered),
      onEvent: (event) => this.#event(event),
      gapless: settings.gapless,
      onHole: (partition, hole) => {
        this.#sendStatus()
        this.#channel.send({ type: 'hole', partition, hole })
      },
      onDoubt: (partition, reason) => {
        // The supervisor judges by the position, so the status goes first.
        this.#sendStatus()
        this.#channel.send({ type: 'doubt', partition, reason })
      },
      onClientEvent: (cluster, event) => this.#clientEvent(cluster, event),
      onFailed: (error) => this.#failed(error)
    })
    this.#mirror = mirror
    if (this.#flow !== undefined) mirror.setFlow(this.#flow)
    mirror.start()
    mirror.subscribe(settings.topics)
    const spareMemory = new SpareMemory(processMemory(BUSY_KEEPS_BYTES))
    this.#timer = setInterval(() => {
      const { partitions = [] } = this.#sendStatus() ?? {}
      spareMemory.sample(partitions.reduce((sum, { bytes }) => sum + bytes, 0))
    }, STATUS_INTERVAL_MS)
    this.#channel.send({ type: 'ready' })
  }

  /** What is committed next has its pairs, whoever is there to keep them. */
  async #keepPairs({ stateDir, index }: WorkerSettings, delivered: readonly DeliveredRuns[]): Promise<void> {
    try {
      await this.#questions.keepPairs(delivered)
    } catch {
      // A copy without pairs is as good a copy: the supervisor tells when they can't be written.
      if (stateDir !== undefined) await writeLatePairs(stateDir, index, delivered).catch(() => undefined)
    }
  }

  async #startTraces(settings: WorkerSettings): Promise<WorkerTraces | undefined> {
    if (settings.traces === undefined) return undefined
    return await startWorkerTraces(settings.traces, settings, {
      onEvent: (event) => this.#event(event),
      onProblem: (text) =>
        this.#channel.send({ type: 'export-problem', text: `Metrics or traces can't be sent: ${text}` })
    })
  }

  async #createConsumer(settings: WorkerSettings): Promise<BatchConsumer> {
    const { source, groupId, groupInstanceId, memory } = settings
    return await createConsumer(
      {
        ...source,
        ...statisticsOf(settings),
        connectTimeoutMs: DONT_WAIT,
        groupId,
        ...(groupInstanceId !== undefined && { groupInstanceId }),
        queuedMaxKbytes: Math.max(1, Math.floor(memory.consumerQueueBytes / 1024)),
        fetchMaxBytes: memory.fetchMaxBytes,
        metadataRefreshMs: settings.discoveryIntervalMs
      },
      { signal: this.#abort.signal }
    )
  }

  #badRecords(settings: WorkerSettings): BadRecordRules {
    const { job, badRecords, producerBatchBytes } = settings
    const byTopic = new Map(Object.entries(badRecords.byTopic))
    return {
      job,
      policyOf: (topic) => byTopic.get(topic) ?? badRecords.policy,
      deadLetter: badRecords.deadLetter,
      batchBytes: producerBatchBytes,
      audit: async (entries) => await this.#questions.audit(entries),
      limitsOf: async (topics) => await this.#questions.limitsOf(topics),
      createAside: async () => await this.#createProducer(settings, false)
    }
  }

  async #createProducer(settings: WorkerSettings, gapless = true): Promise<BatchProducer> {
    const bytes = settings.memory.inFlightBytes + QUEUE_MARGIN_BYTES
    return await createProducer(
      {
        ...settings.target,
        ...statisticsOf(settings),
        connectTimeoutMs: DONT_WAIT,
        queueMaxMessages: Math.ceil(bytes / RECORD_OVERHEAD_BYTES),
        queueMaxKbytes: Math.ceil(bytes / 1024),
        batchSizeBytes: settings.producerBatchBytes,
        gapless
      },
      { signal: this.#abort.signal }
    )
  }

  #event(event: MirrorEvent): void {
    // The supervisor decides by status what is done, so the status goes first.
    this.#sendStatus()
    this.#channel.send({ type: 'event', event })
  }

  #clientEvent(cluster: 'source' | 'target', event: ClientEvent): void {
    if (event.type === 'left-behind') return
    if (event.type === 'statistics') return this.#brokers[cluster].take(event.json)
    if (event.type === 'log') {
      this.#channel.send({
        type: 'client-event',
        cluster,
        level: event.facility === 'CONFWARN' ? 'debug' : logLevel(event.severity),
        text: `${event.facility}: ${event.text}`
      })
      return
    }
    const { name: code, text } = event
    this.#channel.send({ type: 'client-event', cluster, level: 'warn', text: `${code}: ${text}`, code })
    const place = { cluster }
    if (event.authentication) {
      this.#failed(
        new MillraceError({
          code: 'MR_AUTHENTICATION_FAILED',
          kind: 'authentication',
          message: `The ${cluster} cluster refuses the credentials: ${event.text}`,
          next: 'Correct the user name or password, then start the job again.',
          place
        })
      )
    } else if (event.fatal && cluster === 'source') {
      this.#failed(
        new MillraceError({
          code: 'MR_CONSUMER_FATAL',
          kind: 'client',
          message: `The source consumer can't go on: ${event.text} (${event.name})`,
          next: 'The worker starts again by itself; if it keeps failing, look at the source brokers.',
          place
        })
      )
    }
  }

  /** Returns the status that it told of, for whoever judges by it. */
  #sendStatus(): MirrorStatus | undefined {
    const status = this.#mirror?.status()
    if (status === undefined) return undefined
    this.#tellLeaks()
    this.#channel.send({
      type: 'status',
      status: {
        partitions: status.partitions.filter((partition) => this.#isNews(partition)),
        delivered: status.delivered,
        inFlightBytes: status.inFlightBytes,
        inFlightLimit: status.inFlightLimit,
        rssBytes: process.memoryUsage.rss(),
        metrics: {
          ...status.metrics,
          brokers: [...this.#brokers.source.read(), ...this.#brokers.target.read()],
          ...(this.#loopDelay !== undefined && { eventLoopDelay: this.#loopDelay.read() })
        }
      }
    })
    return status
  }

  /** A batch that nobody settles is a bug of ours: its partition waits for it. */
  #tellLeaks(): void {
    const leaked = leakedBatches()
    if (leaked === this.#leaked) return
    const text = `${leaked - this.#leaked} batches were forgotten without being settled and have been freed: report this as a bug`
    this.#leaked = leaked
    this.#channel.send({ type: 'client-event', cluster: 'source', level: 'error', text })
  }

  #isNews(partition: PartitionStatus): boolean {
    const name = `${partition.topic}-${partition.partition}`
    const text = JSON.stringify(partition)
    if (this.#lastSent.get(name) === text) return false
    this.#lastSent.set(name, text)
    return true
  }

  #failed(error: unknown): void {
    if (this.#ending) return
    this.#ending = true
    clearInterval(this.#timer)
    this.#sendStatus()
    this.#channel.send({ type: 'failed', error: errorReport(error) })
    // What was delivered is committed if that is still possible; nothing depends on it.
    const closed = this.#mirror?.stop(0).catch(() => undefined) ?? Promise.resolve(undefined)
    void closed.then(async () => await this.#traces?.end()).then(() => this.#channel.exit(1))
    setTimeout(() => this.#channel.exit(1), LAST_WORDS_MS).unref()
  }
}

const LAST_WORDS_MS = 5000

function statisticsOf({ exposeMetrics }: WorkerSettings): { readonly statisticsIntervalMs?: number } {
  return exposeMetrics ? { statisticsIntervalMs: STATISTICS_INTERVAL_MS } : {}
}

/** syslog severities, as librdkafka uses them. */
function logLevel(severity: number): 'debug' | 'info' | 'warn' | 'error' {
  if (severity <= 3) return 'error'
  if (severity === 4) return 'warn'
  return severity <= 6 ? 'info' : 'debug'
}
