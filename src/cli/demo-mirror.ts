import type { ClusterSettings } from '../client/settings.ts'
import { jobSummary } from '../job/job-summary.ts'
import { measured } from '../job/measured.ts'
import type { JobResult, JobSnapshot } from '../job/job-types.ts'
import { Supervisor } from '../job/supervisor.ts'
import type { WorkerSettings } from '../job/worker/worker-messages.ts'
import type { JobState } from '../model/job-state.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import type { MillraceError } from '../model/millrace-error.ts'
import { NOTHING_PAUSED } from '../model/pauses.ts'
import { type PartitionOffset, type TopicPartition, partitionName } from '../model/topic-partition.ts'
import type { PreparedPartition } from '../pipeline/types.ts'
import type { JobEvent } from '../telemetry/events.ts'
import type { RunnableJob } from './job-api.ts'

const NAME = 'demo'
const MIB = 1024 * 1024
const DRAIN_MS = 5000

export interface DemoMirrorOptions {
  readonly source: string
  readonly target: string
  /** Where each source partition ends. */
  readonly ends: readonly PartitionOffset[]
  readonly targetTopic: (topic: string) => string
  readonly targetPartitions: number
  readonly onEvent: (event: JobEvent) => void
}

type Ending =
  { readonly how: 'completed' | 'stop' | 'kill' } | { readonly how: 'failed'; readonly error: MillraceError }

/**
 * A job on embedded clusters: the real supervisor and a real worker process, without what such clusters can't answer.
 * There is nothing to plan and nothing to look up: the topics and their ends are what was just generated.
 *
 * Invariant: the first reason to end counts, except that `kill` overtakes.
 */
export class DemoMirror implements RunnableJob {
  readonly #options: DemoMirrorOptions
  readonly #supervisor: Supervisor
  readonly #ends: ReadonlyMap<string, number>
  readonly #ended: Promise<Ending>
  #end: (ending: Ending) => void = () => undefined
  #state: JobState = 'STARTING'
  /** When the group had given out the partitions, and when the last one was complete: clock in ms. */
  #began: number | undefined
  #completed: number | undefined

  constructor(options: DemoMirrorOptions) {
    this.#options = options
    this.#ends = new Map(options.ends.map((end) => [partitionName(end), end.offset]))
    this.#ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#supervisor = new Supervisor({
      workers: [workerSettings(options)],
      topics: [...new Set(options.ends.map(({ topic }) => topic))],
      prepare: async (partitions) => partitions.map((partition) => this.#prepare(partition)),
      // Nothing is refused there, and what is altered is nobody's.
      audit: () => undefined,
      limitsOf: async () => new Map(),
      onEvent: (event) => this.#event(event),
      onHole: () => undefined,
      onDoubt: (partition, reason) => this.#supervisor.stopPartitions([{ ...partition, reason }]),
      onPartitionDone: () => this.#checkCompletion(),
      onFailed: (error) => this.#end({ how: 'failed', error })
    })
    this.#supervisor.progress.recordEnds(this.#ends)
  }

  async run(): Promise<JobResult> {
    this.#enter('RUNNING')
    this.#supervisor.start()
    const ending = await this.#ended
    this.#completed ??= performance.now()
    this.#enter('STOPPING')
    const mayRepeat = ending.how === 'kill' ? await this.#supervisor.kill() : await this.#supervisor.stop(DRAIN_MS)
    return this.#result(ending, mayRepeat)
  }

  stop(): void {
    this.#end({ how: 'stop' })
  }

  kill(): void {
    this.#end({ how: 'kill' })
    if (this.#state === 'STOPPING') void this.#supervisor.kill()
  }

  snapshot(): JobSnapshot {
    const { progress, restarts } = this.#supervisor
    return {
      name: NAME,
      state: this.#state,
      seconds: this.#seconds(),
      totals: progress.totals(),
      partitions: progress.partitions(),
      workers: this.#supervisor.workers().map(({ pid, status }) => ({
        pid,
        rssBytes: status?.rssBytes ?? 0,
        inFlightBytes: status?.inFlightBytes ?? 0,
        inFlightLimit: status?.inFlightLimit ?? 0
      })),
      restarts,
      rate: {},
      pauses: NOTHING_PAUSED,
      stuck: [],
      ...measured(this.#supervisor.metrics)
    }
  }

  /** Of copying: without the seconds in which the group forms. */
  #seconds(): number {
    return this.#began === undefined ? 0 : ((this.#completed ?? performance.now()) - this.#began) / 1000
  }

  #prepare({ topic, partition }: TopicPartition): PreparedPartition {
    return {
      topic,
      partition,
      target: this.#options.targetTopic(topic),
      targetPartitions: this.#options.targetPartitions,
      start: 0,
      committed: false,
      stop: this.#ends.get(partitionName({ topic, partition })) ?? 0
    }
  }

  #event(event: JobEvent): void {
    if (event.type === 'mirror' && event.event.type === 'assigned') this.#began ??= performance.now()
    this.#options.onEvent(event)
  }

  #checkCompletion(): void {
    const { progress } = this.#supervisor
    const states = this.#options.ends.map((partition) => progress.stateOf(partition))
    if (states.every((state) => state === 'completed' || state === 'stopped')) this.#end({ how: 'completed' })
  }

  #result(ending: Ending, mayRepeat: readonly MayRepeat[]): JobResult {
    const { totals, partitions } = this.snapshot()
    const stopped = partitions.filter(({ state }) => state === 'stopped')
    const failed = ending.how === 'failed' || stopped.length > 0
    const state = failed ? 'FAILED' : ending.how === 'completed' ? 'COMPLETED' : 'STOPPED'
    this.#enter(state, ending.how === 'failed' ? ending.error : undefined)
    return {
      summary: jobSummary({ name: NAME, state, policy: 'same', seconds: this.#seconds(), totals, partitions }),
      ...(ending.how === 'failed' && { error: ending.error }),
      refusals: [],
      stopped,
      losses: [],
      mayRepeat
    }
  }

  #enter(state: JobState, error?: MillraceError): void {
    this.#state = state
    this.#options.onEvent({ type: 'state', state, ...(error !== undefined && { error }) })
  }
}

export function embeddedSettings(cluster: 'source' | 'target', bootstrapServers: string): ClusterSettings {
  const security = { protocol: 'PLAINTEXT', verifyHostname: true } as const
  return { cluster, bootstrapServers, security, properties: {}, clientId: `millrace-${NAME}` }
}

function workerSettings({ source, target }: DemoMirrorOptions): WorkerSettings {
  return {
    job: NAME,
    index: 0,
    source: embeddedSettings('source', source),
    target: embeddedSettings('target', target),
    groupId: NAME,
    groupInstanceId: `${NAME}-0`,
    topics: [],
    policy: 'same',
    gapless: {},
    memory: { consumerQueueBytes: 32 * MIB, fetchMaxBytes: 8 * MIB, inFlightBytes: 64 * MIB },
    badRecords: { policy: 'stop', byTopic: {}, deadLetter: { topic: `${NAME}-dead-letter` } },
    producerBatchBytes: 1_000_000,
    discoveryIntervalMs: 30_000,
    commitIntervalMs: 1000,
    drainTimeoutMs: DRAIN_MS,
    exposeMetrics: false
  }
}
