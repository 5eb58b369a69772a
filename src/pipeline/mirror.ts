import { Subscription } from 'rxjs'
import { Checkpoints } from '../checkpoint/checkpoints.ts'
import { keepBeforeCommit } from '../checkpoint/keep-before-commit.ts'
import { traceCommits } from '../checkpoint/trace-commits.ts'
import type { BatchConsumer, BatchProducer, ClientEvent } from '../client/types.ts'
import type { PartitionRoute } from '../mapping/partition-route.ts'
import { partitionRoute } from '../mapping/partition-route.ts'
import { Routes } from '../mapping/routes.ts'
import type { LossPolicy } from '../model/loss.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import { describeError } from '../model/millrace-error.ts'
import type { DeliveredRuns } from '../model/offset-pairs.ts'
import type { Pauses } from '../model/pauses.ts'
import type { OffsetRange } from '../model/offset-range.ts'
import type { PartitionPolicy } from '../model/policies.ts'
import type { Rate } from '../model/rate.ts'
import type { StopReason } from '../model/stop-reason.ts'
import type { PartitionOffset, TopicPartition } from '../model/topic-partition.ts'
import type { SettledBatch } from '../sink/batch-sink.ts'
import { FirstAlone } from '../sink/first-alone.ts'
import { TargetLoad } from '../sink/target-load.ts'
import { Demand } from '../source/demand.ts'
import { Readers } from '../source/readers.ts'
import type { BatchTracer } from '../telemetry/traces/batch-tracer.ts'
import type { MirrorEvent } from '../telemetry/events.ts'
import { WorkerMeters } from '../telemetry/metrics/worker-meters.ts'
import type { WorkerMetrics } from '../telemetry/metrics/worker-metrics.ts'
import { Assignments } from './assign-partitions.ts'
import { BadRecords, type BadRecordRules, stopAtBadRecords } from './bad-records.ts'
import { commitLast, describeFailedCommits } from './commit-last.ts'
import { CopyRanges } from './copy-ranges.ts'
import { DeliveredEnds } from './delivered-ends.ts'
import { DeliveredPairs } from './delivered-pairs.ts'
import { drainReaders, uncommittedOf } from './drain-readers.ts'
import { mirrorPipeline } from './mirror-pipeline.ts'
import { PartitionBook } from './partition-book.ts'
import { PartitionCourse } from './partition-course.ts'
import { ProducerSlot } from './producer-slot.ts'
import { PartitionRecovery } from './recover-partitions.ts'
import { TargetRoom } from './target-room.ts'
import type { PartitionStatus, PreparedPartition } from './types.ts'

export interface MirrorOptions {
  readonly policy: PartitionPolicy
  /** Where `sticky` begins to go round. */
  readonly firstPartition?: number
  /** Bytes that may be in flight, per-record overhead included (see RECORD_OVERHEAD_BYTES). */
  readonly inFlightBytes: number
  readonly pollBytes: number
  readonly pollTimeoutMs: number
  readonly commitIntervalMs: number
  readonly drainTimeoutMs: number
  /** Undefined = nothing is traced, at no cost. */
  readonly tracer?: Pick<BatchTracer, 'seen' | 'settled' | 'committed'> | undefined
  readonly prepare: (partitions: readonly TopicPartition[]) => Promise<readonly PreparedPartition[]>
  /** @param batchBytes its requests may be so large at most */
  readonly createProducer: (batchBytes: number) => Promise<BatchProducer>
  /** Undefined = a partition stops at a record that the target refuses. */
  readonly badRecords?: BadRecordRules
  /** Keeps offset pairs before a commit is sent. Never rejects, and takes a short time. Undefined = none are kept. */
  readonly keepPairs?: (delivered: readonly DeliveredRuns[]) => Promise<void>
  readonly onEvent: (event: MirrorEvent) => void
  /**
   * The log of a partition is not what it was, and it isn't read any more: `stopPartitions` or `reassign` is to follow.
   * Without it the partition stops by itself.
   */
  readonly onDoubt?: (partition: TopicPartition, reason: StopReason) => void
  /** Topics that have a record at each offset, and what to do where one is missing. */
  readonly gapless?: Readonly<Record<string, LossPolicy>>
  /** Offsets of such a topic had no record. Where it is to stop, nothing is read any more and `stopPartitions` is to follow. */
  readonly onHole?: (partition: TopicPartition, hole: OffsetRange) => void
  readonly onClientEvent: (cluster: 'source' | 'target', event: ClientEvent) => void
  /** The mirror can't go on; `stop` must still be called. */
  readonly onFailed: (error: unknown) => void
}

export interface MirrorStatus {
  readonly partitions: readonly PartitionStatus[]
  /** See `DeliveredEnds`. */
  readonly delivered: readonly PartitionOffset[]
  readonly inFlightBytes: number
  readonly inFlightLimit: number
  readonly metrics: Omit<WorkerMetrics, 'brokers'>
}

const MAX_HOLD_MS = 1000
const PAUSE_AFTER_MS = 5000
const SEEK_TIMEOUT_MS = 30_000
const REFRESH_TIMEOUT_MS = 30_000

/**
 * One worker's share of a job, from joining the group to leaving it: puts the pipeline together with what surrounds it
 * when partitions come and go, fail, or are done, and takes it apart again.
 *
 * Invariant: stopping is in order (stop reading, drain, commit, producer, consumer) and happens once.
 */
export class Mirror {
  readonly #consumer: BatchConsumer
  readonly #options: MirrorOptions
  readonly #demand: Demand
  readonly #readers: Readers
  readonly #checkpoints: Checkpoints
  readonly #routes = new Routes()
  readonly #ranges: CopyRanges
  readonly #load = new TargetLoad()
  readonly #firstAlone = new FirstAlone()
  readonly #book = new PartitionBook()
  readonly #course: PartitionCourse
  readonly #delivered = new DeliveredEnds()
  readonly #pairs: DeliveredPairs | undefined
  readonly #meters = new WorkerMeters()
  readonly #badRecords: BadRecords
  readonly #slot: ProducerSlot
  readonly #recovery: PartitionRecovery
  readonly #assignments: Assignments
  readonly #subscriptions = new Subscription()
  readonly #reading: { readonly ended: Promise<void>; readonly end: () => void }
  readonly #room: TargetRoom
  readonly #route: PartitionRoute
  #stopped: Promise<readonly MayRepeat[]> | undefined

  constructor(consumer: BatchConsumer, producer: BatchProducer, options: MirrorOptions) {
    this.#consumer = consumer
    this.#options = options
    this.#reading = deferred()
    this.#demand = new Demand(options.inFlightBytes)
    this.#readers = new Readers(this.#demand)
    const committer = options.tracer === undefined ? consumer : traceCommits(consumer, options.tracer)
    this.#pairs = options.keepPairs === undefined ? undefined : new DeliveredPairs()
    this.#checkpoints = new Checkpoints(
      keepBeforeCommit(committer, async () => await this.#keepPairs()),
      this.#meters.commits
    )
    this.#ranges = new CopyRanges((partition) => this.#course.endOfRange(partition))
    this.#course = new PartitionCourse({
      consumer,
      readers: this.#readers,
      checkpoints: this.#checkpoints,
      ranges: this.#ranges,
      book: this.#book,
      gapless: options.gapless ?? {},
      onEvent: options.onEvent,
      onDoubt: options.onDoubt,
      onHole: options.onHole
    })
    this.#room = new TargetRoom(options.policy, this.#routes, this.#load, () =>
      this.#demand.partitionShare(this.#readers.size)
    )
    this.#route = partitionRoute(options.policy, {
      first: options.firstPartition ?? 0,
      isFull: (target) => this.#room.isFull(target)
    })
    const createProducer = async () => await options.createProducer(await this.#badRecords.batchBytes())
    this.#badRecords = new BadRecords({
      rules: options.badRecords ?? stopAtBadRecords(createProducer),
      send: (payload, target) => this.#firstAlone.of(this.#slot.current).send(payload, target),
      refreshTimeoutMs: REFRESH_TIMEOUT_MS,
      onEvent: options.onEvent,
      onClientEvent: (event) => options.onClientEvent('target', event),
      onFailed: options.onFailed
    })
    this.#slot = new ProducerSlot(producer, {
      create: createProducer,
      onEvent: (event) => options.onClientEvent('target', event),
      hold: () => this.#demand.hold(),
      onRemade: (why) => options.onEvent({ type: 'producer-remade', message: why }),
      onGivenUp: options.onFailed
    })
    this.#recovery = new PartitionRecovery({
      consumer,
      checkpoints: this.#checkpoints,
      slot: this.#slot,
      seekTimeoutMs: SEEK_TIMEOUT_MS,
      isCurrent: (reader) => this.#readers.get(reader.source) === reader,
      onFault: ({ source }, failure) => this.#badRecords.faulted(source, this.#routes.of(source.topic).target, failure),
      onUnblocked: ({ source }) => this.#badRecords.unblock(source),
      stopPartition: (reader, reason, traceId) => this.#course.stop(reader, reason, traceId),
      onError: options.onFailed
    })
    this.#assignments = new Assignments({
      consumer,
      readers: this.#readers,
      checkpoints: this.#checkpoints,
      ranges: this.#ranges,
      routes: this.#routes,
      book: this.#book,
      slot: this.#slot,
      prepare: async (partitions) => {
        const prepared = await options.prepare(partitions)
        this.#badRecords.prepared(prepared)
        for (const partition of prepared) this.#pairs?.begin(partition)
        return prepared
      },
      drainTimeoutMs: options.drainTimeoutMs,
      refreshTimeoutMs: REFRESH_TIMEOUT_MS,
      onEvent: options.onEvent,
      onProgress: (reader) => this.#course.progress(reader),
      onError: options.onFailed
    })
  }

  /** Joins the group for these topics. Called again, it changes the topics. */
  subscribe(topics: readonly string[]): void {
    this.#consumer.subscribe(topics)
  }

  start(): void {
    const { onFailed, onClientEvent } = this.#options
    this.#consumer.events.subscribe((event) => onClientEvent('source', event))
    this.#consumer.rebalances.subscribe((rebalance) => this.#assignments.handle(rebalance))
    this.#subscriptions.add(this.#pipeline().subscribe({ next: (settled) => this.#settled(settled), error: onFailed }))
  }

  status(): MirrorStatus {
    for (const reader of this.#readers) this.#course.note(reader)
    return {
      partitions: this.#book.status(),
      delivered: this.#delivered.all(),
      inFlightBytes: this.#demand.charged,
      inFlightLimit: this.#demand.limit,
      metrics: this.#meters.read(this.#checkpoints.hasUncommitted)
    }
  }

  /** How fast to copy from now on, and what not at all. */
  setFlow({ rate, pauses }: { readonly rate: Rate; readonly pauses: Pauses }): void {
    this.#demand.rate.set(rate, performance.now())
    this.#readers.setPauses(pauses)
  }

  /** The range of these partitions ends at these offsets, as it turned out. */
  endRanges(ends: readonly (TopicPartition & { readonly offset: number })[]): void {
    for (const end of ends) {
      this.#ranges.endForAll(end, end.offset)
      const reader = this.#readers.get(end)
      if (reader === undefined) continue
      // What is held back below the end is still to be handed out, and reaches it then.
      if (reader.handedOut >= this.#ranges.rangeOf(end).to) this.#course.endOfRange(end)
      this.#course.progress(reader)
    }
  }

  /** These partitions are not read any further, whatever they wait for. */
  stopPartitions(partitions: readonly (TopicPartition & { readonly reason: StopReason })[]): void {
    for (const { reason, ...partition } of partitions) {
      const reader = this.#readers.get(partition)
      if (reader !== undefined && this.#book.stateOf(partition) === 'copying') this.#course.stop(reader, reason)
    }
  }

  /** These partitions are let go, and begin again where they are said to. */
  reassign(partitions: readonly TopicPartition[]): void {
    this.#assignments.again(partitions)
  }

  /**
   * Stops reading, waits up to `timeoutMs` for what is in flight, commits, leaves the group and frees both clients.
   * Returns what may be copied again. Called again, it returns the same.
   */
  async stop(timeoutMs: number): Promise<readonly MayRepeat[]> {
    this.#stopped ??= this.#stop(timeoutMs)
    return await this.#stopped
  }

  #pipeline() {
    const { tracer, pollBytes, pollTimeoutMs, commitIntervalMs, onEvent } = this.#options
    return mirrorPipeline({
      consumer: this.#consumer,
      readers: this.#readers,
      demand: this.#demand,
      ranges: this.#ranges,
      holes: {
        isGapless: (topic) => this.#options.gapless?.[topic] !== undefined,
        onHole: (partition, hole) => this.#course.hole(partition, hole)
      },
      routes: this.#routes,
      routeOf: ({ source }) => this.#route(this.#routes.of(source.topic), source.partition),
      checkpoints: this.#checkpoints,
      source: {
        pollBytes,
        pollTimeoutMs,
        maxHoldMs: MAX_HOLD_MS,
        pauseAfterMs: PAUSE_AFTER_MS,
        seekTimeoutMs: SEEK_TIMEOUT_MS,
        targetIsFull: (source) => this.#room.isFullFor(source),
        clock: this.#meters.limits,
        onHandedOut: (batch) => this.#book.read(batch.source, batch.count, batch.bytes),
        onPartitionError: (error) => this.#course.unreadable(error),
        onEnd: this.#reading.end
      },
      sink: {
        send: (payload, source, target) => this.#badRecords.send(payload, source, target),
        altered: async (source, target, result) => await this.#badRecords.altered(source, target, result),
        load: this.#load,
        laneOf: (source) => this.#readers.get(source)?.lane ?? -1
      },
      commit: {
        intervalMs: commitIntervalMs,
        onCommitFailed: (error, results) => {
          const message = error === undefined ? describeFailedCommits(results) : describeError(error)
          onEvent({ type: 'commit-failed', message })
        }
      },
      hook: tracer === undefined ? undefined : (batch) => tracer.seen(batch)
    })
  }

  #settled({ batch, result, bytes, firstTimestamp }: SettledBatch): void {
    const reader = this.#readers.get(batch.source)
    this.#book.count(batch.source, result, bytes)
    this.#delivered.settled(batch, result)
    this.#pairs?.settled(batch, result)
    this.#meters.batches.settled(result, { bytes, firstTimestamp, times: batch.times })
    const traceId = this.#options.tracer?.settled(batch, result, bytes)
    if (result.delivered > 0 || result.setAside !== undefined) this.#slot.delivered()
    if (reader === undefined) return
    if (result.failure !== undefined) this.#recovery.failed(reader, result.failure, traceId)
    else this.#course.progress(reader)
  }

  async #keepPairs(): Promise<void> {
    const delivered = this.#pairs?.take() ?? []
    if (delivered.length > 0) await this.#options.keepPairs?.(delivered)
  }

  async #stop(timeoutMs: number): Promise<readonly MayRepeat[]> {
    const deadline = performance.now() + timeoutMs
    const left = () => Math.max(0, deadline - performance.now())
    const readers = [...this.#readers]
    this.#assignments.end()
    if (readers.length > 0) this.#consumer.pause(readers.map((reader) => reader.source))
    await drainReaders(readers, timeoutMs)
    this.#subscriptions.unsubscribe()
    await this.#reading.ended
    const { onEvent } = this.#options
    await commitLast(this.#checkpoints, { timeoutMs: Math.max(COMMIT_GRACE_MS, left()), onEvent })
    for (const reader of readers) this.#course.note(reader)
    const mayRepeat = uncommittedOf(readers, this.#checkpoints, this.#ranges)
    await Promise.all([this.#slot.close(0), this.#badRecords.close()])
    // Sends that still waited for their turn give their records back now that there is no producer.
    await this.#demand.whenEmpty(GIVE_BACK_MS)
    await this.#consumer.close()
    return mayRepeat
  }
}

const GIVE_BACK_MS = 5000
/** After the drain deadline a commit still gets this long. */
const COMMIT_GRACE_MS = 5000

function deferred(): { readonly ended: Promise<void>; readonly end: () => void } {
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return { ended, end }
}
