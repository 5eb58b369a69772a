import type { JobConfig } from '../config/job-config.ts'
import { makePlan } from '../control/make-plan.ts'
import type { Plan } from '../control/plan-types.ts'
import type { JobState } from '../model/job-state.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import { MillraceError } from '../model/millrace-error.ts'
import { EventCounters } from '../telemetry/event-counters.ts'
import type { JobEvent } from '../telemetry/events.ts'
import { LoopDelayMeter } from '../telemetry/metrics/loop-delay-meter.ts'
import { countsOf } from '../telemetry/tell-event.ts'
import { connectClusters, isAuthentication, rememberRefusal } from './connect-clusters.ts'
import type { Clusters } from './connect-clusters.ts'
import { ControlSocket } from './control/control-socket.ts'
import { CopyRun } from './copy-run.ts'
import { errorReport, errorOf } from './error-report.ts'
import { exportingProcesses } from './exporting-processes.ts'
import { exposeJob, type Exposure } from './expose-job.ts'
import { findingError } from './finding-error.ts'
import { FlowControl } from './flow/flow-control.ts'
import type { JobControl } from './control/job-control.ts'
import { jobSummary } from './job-summary.ts'
import { measured } from './measured.ts'
import type { JobOptions, JobResult, JobSnapshot } from './job-types.ts'
import { healthOf, readinessOf, readJob } from './read-job.ts'
import { StateDir } from './state/state-dir.ts'

/**
 * A job from its configuration to its summary: state directory, both clusters, plan, target topics, start offsets,
 * workers, and everything stopped again.
 *
 * Invariant: `run` is called once and never rejects for what the world does: that is in its result. Nothing is written
 * anywhere (but for the state directory) before the plan has no refusals.
 */
export class Job {
  /** What the events of this job counted so far. */
  readonly counters = new EventCounters()
  readonly #config: JobConfig
  readonly #options: JobOptions
  readonly #abort = new AbortController()
  #state: JobState = 'STARTING'
  #run: CopyRun | undefined
  #loopDelay: LoopDelayMeter | undefined
  readonly #flow: FlowControl
  /** What was added to `topics.include` since. */
  readonly #included: string[] = []

  constructor(config: JobConfig, options: JobOptions) {
    this.#config = config
    this.#options = options
    this.#flow = new FlowControl({
      rate: config.limits.rate,
      pauses: options.pauses,
      snapshot: () => this.snapshot(),
      planned: () => this.#run?.plannedPartitions() ?? [],
      onChange: (flow) => {
        this.#run?.setFlow(flow)
        if (this.#state === 'RUNNING' || this.#state === 'PAUSED') this.#enter(this.#runningState)
      },
      onEvent: (event) => this.#tell(event)
    })
  }

  /** What can be asked of the job while it runs. */
  get control(): JobControl {
    return this.#flow
  }

  async run(): Promise<JobResult> {
    let clusters: Clusters | undefined
    let state: StateDir | undefined
    let exposure: Exposure | undefined
    let socket: ControlSocket | undefined
    try {
      state = await StateDir.open(this.#config.stateDir)
      socket = await this.#openControl()
      exposure = await this.#expose(state)
      clusters = await this.#connect(state)
      return await this.#runOn(clusters, state)
    } catch (error) {
      if (this.#abort.signal.aborted) return this.#result('STOPPED')
      if (isAuthentication(error) && clusters !== undefined && state !== undefined) {
        const { cluster } = error.place
        if (cluster !== undefined) await rememberRefusal(clusters.settings[cluster], state, error.message)
      }
      return this.#result(isAuthentication(error) ? 'AUTH_FAILED' : 'FAILED', { error: errorOf(errorReport(error)) })
    } finally {
      await clusters?.close()
      await exposure?.close()
      await socket?.close()
      this.#loopDelay?.stop()
    }
  }

  /**
   * Names and patterns (`topics.include`) that are copied from now on in addition to the ones of the configuration, from
   * their first records. What is found is told as `topic-found`.
   */
  include(topics: readonly string[]): void {
    this.#included.push(...topics)
    this.#run?.include(topics)
  }

  /** Drains, commits and ends, within the drain deadline of the configuration. */
  stop(): void {
    this.#abort.abort()
    this.#run?.stop()
  }

  /** Ends at once. */
  kill(): void {
    this.#abort.abort()
    this.#run?.kill()
  }

  snapshot(): JobSnapshot {
    return {
      name: this.#config.name,
      state: this.#state,
      seconds: this.#run?.seconds ?? 0,
      totals: this.#run?.progress.totals() ?? { records: 0, bytes: 0, altered: 0, deadLettered: 0, skipped: 0 },
      partitions: this.#run?.progress.partitions() ?? [],
      workers: (this.#run?.workers() ?? []).map(({ pid, status }) => ({
        pid,
        rssBytes: status?.rssBytes ?? 0,
        inFlightBytes: status?.inFlightBytes ?? 0,
        inFlightLimit: status?.inFlightLimit ?? 0
      })),
      restarts: this.#run?.restarts ?? 0,
      rate: this.#flow.flow.rate,
      pauses: this.#flow.flow.pauses,
      stuck: this.#run?.stuck ?? [],
      ...measured(this.#run?.metrics)
    }
  }

  get #exposesMetrics(): boolean {
    return exportingProcesses(this.#config, this.#options.exports).supervisor
  }

  get #runningState(): JobState {
    return this.#flow.flow.pauses.job ? 'PAUSED' : 'RUNNING'
  }

  /** A job that can't be controlled copies all the same; one that another process runs does not. */
  async #openControl(): Promise<ControlSocket | undefined> {
    try {
      return await ControlSocket.open(this.#config.stateDir, this.control)
    } catch (error) {
      if (!(error instanceof MillraceError) || error.kind === 'refused') throw error
      this.#tell({ type: 'warning', error })
      return undefined
    }
  }

  async #expose(state: StateDir): Promise<Exposure> {
    if (this.#exposesMetrics) this.#loopDelay = new LoopDelayMeter()
    const startTime = Date.now() / 1000
    return await exposeJob({
      config: this.#config,
      exports: this.#options.exports,
      instance: state.instance,
      read: () =>
        readJob({
          job: this.#config.name,
          state: this.#state,
          startTime,
          memoryLimit: this.#config.limits.memory,
          eventLoopDelay: this.#loopDelay?.read(),
          counters: this.counters,
          run: this.#run
        }),
      health: () => healthOf(this.#state),
      readiness: () => readinessOf(this.#state, this.#run?.workers() ?? []),
      onEvent: (event) => this.#tell(event)
    })
  }

  async #connect(state: StateDir): Promise<Clusters> {
    const clusters = await connectClusters({
      config: this.#config,
      resolveSecrets: this.#options.resolveSecrets,
      retryAuthentication: this.#options.retryAuthentication,
      state,
      signal: this.#abort.signal
    })
    for (const { cluster, events } of [clusters.source, clusters.target]) {
      events.subscribe(({ type }) => {
        if (type === 'left-behind') this.#tell({ type: 'warning', error: leftBehind(cluster) })
      })
    }
    return clusters
  }

  async #runOn(clusters: Clusters, state: StateDir): Promise<JobResult> {
    const { source, target } = clusters
    const { reset } = this.#options
    const onEvent = (event: JobEvent): void => this.#tell(event)
    const plan = await makePlan({
      job: this.#config,
      source,
      target,
      reset,
      exporting: exportingProcesses(this.#config, this.#options.exports),
      hasRun: state.hasRun(this.#config.source.groupId),
      now: Date.now()
    })
    if (plan.refusals.length > 0) {
      for (const refusal of plan.refusals) onEvent({ type: 'refused', error: findingError(refusal) })
      return this.#result('FAILED', { refusals: plan.refusals })
    }
    // What was lost is told when it is put into effect.
    const lost = new Set(plan.topics.flatMap(({ partitions }) => partitions.map(({ loss }) => loss?.code)))
    for (const warning of plan.warnings.filter(({ code }) => !lost.has(code)))
      onEvent({ type: 'warning', error: findingError(warning) })
    this.#abort.signal.throwIfAborted()

    const run = new CopyRun({
      config: this.#config,
      plan,
      clusters,
      state,
      exports: this.#options.exports,
      flow: this.#flow.flow,
      leavesGroup: this.#options.leavesGroup ?? false,
      onEvent,
      onState: (entered) => this.#enter(entered === 'RUNNING' ? this.#runningState : entered),
      exposeMetrics: this.#exposesMetrics
    })
    this.#run = run
    if (this.#included.length > 0) run.include(this.#included)
    const end = await run.run()
    if (isAuthentication(end.error)) {
      const { cluster } = end.error.place
      if (cluster !== undefined) await rememberRefusal(clusters.settings[cluster], state, end.error.message)
    }
    return this.#result(end.state, { ...(end.error !== undefined && { error: end.error }), mayRepeat: end.mayRepeat })
  }

  #enter(state: JobState, error?: MillraceError): void {
    if (this.#state === state) return
    this.#state = state
    this.#tell({ type: 'state', state, ...(error !== undefined && { error }) })
  }

  #tell(event: JobEvent): void {
    this.counters.add(countsOf(event))
    this.#options.onEvent(event)
  }

  #result(
    state: JobState,
    more: {
      readonly error?: MillraceError
      readonly refusals?: Plan['refusals']
      readonly mayRepeat?: readonly MayRepeat[]
    } = {}
  ): JobResult {
    this.#enter(state, more.error)
    const { name, seconds, totals, partitions } = this.snapshot()
    const losses = this.#run?.losses.losses ?? []
    return {
      summary: jobSummary({ name, state, policy: this.#config.partitions, seconds, totals, partitions, losses }),
      ...(more.error !== undefined && { error: more.error }),
      refusals: more.refusals ?? [],
      stopped: partitions.filter(({ state: of }) => of === 'stopped' || of === 'deleted'),
      losses,
      mayRepeat: more.mayRepeat ?? []
    }
  }
}

function leftBehind(cluster: 'source' | 'target'): MillraceError {
  return new MillraceError({
    code: 'MR_CLIENT_LEFT',
    kind: 'client',
    message: `An administration client of the ${cluster} cluster does not end, and is left behind until this process ends.`,
    next: 'Nothing has to be done: nothing is lost by it, and the job ends all the same.',
    place: { cluster }
  })
}
