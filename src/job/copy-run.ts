import { setTimeout as pause } from 'node:timers/promises'
import { readRecordLimits } from '../control/record-limits.ts'
import { onLossOf } from '../control/plan-partitions.ts'
import { readTopicIds } from '../control/read-topic-ids.ts'
import type { JobState } from '../model/job-state.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import type { MillraceError } from '../model/millrace-error.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { PreparedPartition } from '../pipeline/types.ts'
import type { JobEvent } from '../telemetry/events.ts'
import type { LagTrend } from '../telemetry/metrics/lag-trend.ts'
import { Background, exceptForTrouble, isForGood } from './background.ts'
import { AuditTrail } from './state/audit-trail.ts'
import { completionOf, plannedPartitions } from './completion.ts'
import type { Flow } from './flow/flow.ts'
import { LagWatch } from './lag-watch.ts'
import { LossBook } from './loss/loss-book.ts'
import { LossWatch } from './loss/loss-watch.ts'
import { makeReady } from './make-ready.ts'
import { PartitionEnds } from './partition-ends.ts'
import { PairKeeper } from './pairs/pair-keeper.ts'
import { preparePartitions } from './prepare-partitions.ts'
import { RunEnding, type Wish } from './run-ending.ts'
import type { StuckPartition } from './stuck/stuck-partition.ts'
import { StuckWatch } from './stuck/stuck-watch.ts'
import { Supervisor } from './supervisor.ts'
import { TopicFollower } from './topic-follower.ts'
import { workerSettings, type WorkerSettingsSource } from './worker/worker-settings.ts'

export interface CopyRunOptions extends WorkerSettingsSource {
  /** At the start. */
  readonly flow: Flow
  readonly onEvent: (event: JobEvent) => void
  readonly onState: (state: JobState) => void
}

export interface CopyRunEnd {
  readonly state: JobState
  readonly error?: MillraceError
  readonly mayRepeat: readonly MayRepeat[]
}

const LAG_INTERVAL_MS = 3000
/** Losses are noticed within this time and the few answers that it takes. */
const LOSS_INTERVAL_MS = 5000
/** The same while a worker waits for the answer. */
const DOUBT_INTERVAL_MS = 1000

/**
 * The copying part of a job: workers, and what must be looked after while they run.
 *
 * Invariant: workers are started only after all is ready for them (`makeReady`). The first wish to end counts, except
 * that `kill` ends the workers at once whatever was wished before.
 */
export class CopyRun {
  readonly #options: CopyRunOptions
  readonly #supervisor: Supervisor
  readonly #audit: AuditTrail
  readonly #pairs: PairKeeper
  readonly #follower: TopicFollower
  readonly #stuck: StuckWatch
  #flow: Flow
  readonly #ends: PartitionEnds
  readonly losses: LossBook
  readonly #watch: LossWatch
  readonly #lag: LagWatch
  readonly #background: Background
  readonly #ending = new RunEnding()
  #startedAt: number | undefined
  #seconds: number | undefined

  constructor(options: CopyRunOptions) {
    this.#options = options
    const { config, plan, clusters, onEvent } = options
    this.#background = new Background({
      onWarning: (error) => onEvent({ type: 'warning', error }),
      onFailed: (error) => this.#ending.wish({ how: 'fail', error })
    })
    this.#ends = new PartitionEnds(config.stop, plan.topics)
    this.#audit = new AuditTrail(config.stateDir)
    this.#pairs = new PairKeeper({
      stateDir: config.stateDir,
      beginsAnew: plan.progress !== 'resume',
      onWarning: (error) => onEvent({ type: 'warning', error })
    })
    this.#follower = new TopicFollower({
      job: config,
      plan,
      source: clusters.source,
      target: clusters.target,
      onEvent
    })
    this.#flow = options.flow
    this.#stuck = new StuckWatch({
      source: clusters.source,
      target: clusters.target,
      policy: config.partitions,
      partitions: () => this.progress.partitions(),
      pauses: () => this.#flow.pauses,
      workersReady: () => this.workers().every(({ ready, status }) => ready && status !== undefined),
      limits: () => this.metrics.recentLimits(),
      onEvent
    })
    this.#supervisor = new Supervisor({
      workers: workerSettings(options),
      topics: plan.topics.map((topic) => topic.source),
      flow: options.flow,
      prepare: async (partitions) => await this.#prepare(partitions),
      audit: (entries) => this.#audit.write(entries),
      keepPairs: async (delivered) => await this.#pairs.keep(delivered),
      limitsOf: async (topics) => await readRecordLimits(clusters.target, topics),
      onEvent,
      onHole: (partition, hole) => this.#watch.hole(partition, hole),
      onDoubt: (partition, reason) => {
        this.#watch.doubt(partition, reason)
        this.#background.begin(this.#look())
      },
      onPartitionDone: () => this.#checkCompletion(),
      onFailed: (error) => this.#ending.wish({ how: 'fail', error })
    })
    this.#lag = new LagWatch({
      source: clusters.source,
      partitions: () => this.plannedPartitions(),
      progress: this.#supervisor.progress,
      metrics: this.#supervisor.metrics
    })
    this.losses = new LossBook(
      (topic) => onLossOf(config, topic),
      (loss) => {
        this.#pairs.lost(loss)
        onEvent({ type: 'loss', loss })
      }
    )
    this.#watch = new LossWatch({
      source: clusters.source,
      target: clusters.target,
      partitions: config.partitions,
      book: this.losses,
      topics: () => this.#follower.topics,
      progress: this.#supervisor.progress,
      delivered: () => this.#supervisor.delivered(),
      stopPartitions: (partitions) => this.#supervisor.stopPartitions(partitions),
      reassign: (partitions) => this.#supervisor.reassign(partitions),
      onStopped: () => this.#checkCompletion()
    })
  }

  get progress() {
    return this.#supervisor.progress
  }

  get metrics() {
    return this.#supervisor.metrics
  }

  get lagTrend(): LagTrend {
    return this.#lag.trend
  }

  /** Those of topics included that were found since. */
  plannedPartitions(): readonly TopicPartition[] {
    return plannedPartitions(this.#follower.topics)
  }

  get restarts(): number {
    return this.#supervisor.restarts
  }

  /** Since the workers were started. */
  get seconds(): number {
    if (this.#seconds !== undefined) return this.#seconds
    return this.#startedAt === undefined ? 0 : (performance.now() - this.#startedAt) / 1000
  }

  workers(): ReturnType<Supervisor['workers']> {
    return this.#supervisor.workers()
  }

  /** Partitions that have something to copy and make no progress. */
  get stuck(): readonly StuckPartition[] {
    return this.#stuck.stuck
  }

  setFlow(flow: Flow): void {
    this.#flow = flow
    this.#supervisor.setFlow(flow)
  }

  /** Copies these, too, from their first records; not in a copy up to the end that there was at its start. */
  include(topics: readonly string[]): void {
    if (this.#options.config.stop.at === 'end') return
    this.#follower.include(topics)
    if (this.#startedAt !== undefined) this.#background.begin(this.#followTopics())
  }

  stop(): void {
    this.#ending.wish({ how: 'stop' })
  }

  kill(): void {
    const late = this.#ending.isWished
    this.#ending.wish({ how: 'kill' })
    if (late) void this.#supervisor.kill()
  }

  async run(): Promise<CopyRunEnd> {
    const { config, plan, onState } = this.#options
    await makeReady(this.#options)
    for (const { source: topic, partitions } of plan.topics) {
      for (const partition of partitions)
        this.losses.planned({ topic, partition: partition.partition }, partition, undefined)
    }
    await this.#pairs.open()

    this.#startedAt = performance.now()
    if (!this.#ending.isWished) {
      this.#supervisor.start()
      onState('RUNNING')
      this.#checkCompletion()
      this.#beginWatching()
      if (config.stop.at === 'time') this.#background.begin(this.#awaitStopTime(config.stop.time))
    }
    const wish = await this.#ending.wished
    // Partitions that have stopped for an error may have met a loss that no check has seen yet.
    if (wish.how === 'done' && this.#isStuck())
      await Promise.race([this.#look(), pause(LOSS_INTERVAL_MS, undefined, { ref: false })])
    this.#background.end()
    onState('STOPPING')
    const mayRepeat =
      wish.how === 'kill'
        ? await this.#supervisor.kill()
        : await this.#supervisor.stop(config.checkpoint.drainTimeoutMs)
    this.#audit.close()
    await this.#pairs.close()
    this.#seconds = this.seconds
    return this.#endOf(wish, mayRepeat)
  }

  #beginWatching(): void {
    const { config } = this.#options
    this.#background.repeatNow(
      async () => await exceptForTrouble(async () => await this.#lag.look()),
      () => LAG_INTERVAL_MS
    )
    this.#background.repeat(
      async () => await this.#stuck.look(performance.now()),
      () => LAG_INTERVAL_MS
    )
    this.#background.repeat(
      async () => await this.#look(),
      () => (this.#watch.hasDoubts ? DOUBT_INTERVAL_MS : LOSS_INTERVAL_MS)
    )
    if (config.stop.at === 'end') return
    this.#background.repeat(
      async () => await this.#followTopics(),
      () => config.topics.discoveryIntervalMs
    )
  }

  #endOf(wish: Wish, mayRepeat: readonly MayRepeat[]): CopyRunEnd {
    if (wish.how === 'fail') {
      return { state: wish.error.kind === 'authentication' ? 'AUTH_FAILED' : 'FAILED', error: wish.error, mayRepeat }
    }
    // Stopped means drained: what was cut off, at the deadline or by a second signal, is no success.
    if (wish.how !== 'done') return { state: mayRepeat.length > 0 ? 'FAILED' : 'STOPPED', mayRepeat }
    return { state: this.#isStuck() ? 'FAILED' : 'COMPLETED', mayRepeat }
  }

  #isBounded(): boolean {
    return this.#options.config.stop.at !== 'never'
  }

  #isStuck(): boolean {
    return completionOf(this.#follower.topics, this.#isBounded(), this.progress) === 'stuck'
  }

  #checkCompletion(): void {
    if (completionOf(this.#follower.topics, this.#isBounded(), this.progress) !== 'copying')
      this.#ending.wish({ how: 'done' })
  }

  /** Answers a worker; tries again while a cluster does not answer. */
  async #prepare(partitions: readonly TopicPartition[]): Promise<readonly PreparedPartition[]> {
    const { config, clusters } = this.#options
    return await this.#background.untilItWorks(async () => {
      if (config.stop.at !== 'end') await this.#follower.ensure(partitions)
      const targets = new Set(partitions.map(({ topic }) => this.#follower.routeOf(topic).target))
      const withoutId: TopicPartition[] = []
      const prepared = await preparePartitions(clusters.source, partitions, {
        groupId: config.source.groupId,
        onLoss: this.losses.policyOf,
        stoppedBy: (partition) => this.losses.stopOf(partition),
        noticed: (partition) => this.losses.noticedOf(partition),
        targetIds: await readTopicIds(clusters.target, [...targets]),
        onPlanned: (partition, plan, topicId) => {
          this.progress.lift(partition)
          this.losses.planned(partition, plan, topicId)
          if (topicId === undefined) withoutId.push(partition)
        },
        routeOf: (topic) => this.#follower.routeOf(topic),
        stopOf: (partition) => this.#ends.of(partition),
        stopBefore: this.#ends.stopBefore,
        now: Date.now()
      })
      this.#background.begin(this.#watch.look(withoutId))
      const written = prepared.filter(({ refusal }) => refusal === undefined).map(({ target }) => target)
      const limits = await readRecordLimits(clusters.target, [...new Set(written)])
      return prepared.map((partition) => {
        const ofTarget = limits.get(partition.target)
        if (partition.refusal !== undefined) return partition
        const generation = this.#pairs.begin(partition)
        return { ...partition, generation, ...(ofTarget !== undefined && { limits: ofTarget }) }
      })
    })
  }

  async #followTopics(): Promise<void> {
    try {
      const found = await this.#follower.look()
      if (found.length > 0) this.#supervisor.setTopics(this.#follower.topics.map((topic) => topic.source))
    } catch (error) {
      if (isForGood(error)) throw error
      this.#options.onEvent({ type: 'warning', error: error as MillraceError })
    }
  }

  async #look(): Promise<void> {
    await exceptForTrouble(async () => await this.#watch.check())
  }

  async #awaitStopTime(time: number): Promise<void> {
    const { source } = this.#options.clusters
    this.#supervisor.setEnds(await this.#ends.awaitTime(time, source, () => this.plannedPartitions(), this.#background))
  }
}
