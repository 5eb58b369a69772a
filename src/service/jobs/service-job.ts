import type { Job, JobFigures, JobListItem, LiveChange, PartitionRow, PauseRequest } from '../../api/contract.ts'
import type { JobConfig } from '../../config/job-config.ts'
import { pause, resume, type PauseTarget } from '../../model/pauses.ts'
import { reasonOf } from '../reason-of.ts'
import { endedFigures } from '../record/job-figures.ts'
import { Serial } from '../serial.ts'
import { conflict } from '../service-errors.ts'
import { endedHow } from './ended-how.ts'
import { failoverLimit } from './failover-policy.ts'
import { chooseStart, readJobConfig, type StartChoice } from './job-config.ts'
import type { PendingReset, StoredRevision } from './job-file.ts'
import { isActive, nextState } from './job-lifecycle.ts'
import { JobRecord, type JobSurroundings } from './job-record.ts'
import { JobRun, type JobRunListener, startOf } from './job-run.ts'
import type { LoadedJob } from './job-store.ts'
import { isSameRate, type KeptRate, keptRate, rateOf } from './kept-rate.ts'
import { type JobItemParts, jobListItem, jobView } from './job-view.ts'
import { addedTopics, restartNeeded } from './restart-needed.ts'
import { type Seen, seenState } from './seen-state.ts'

/** Beyond the drain deadline of the job: then its process is killed. */
const STOP_LIMIT_MS = 60_000

/**
 * One job: its record, and its process while it runs.
 *
 * Invariant: changes come one after the other, those that users make and those that are seen alike. There is a process, or
 * one is about to be started, exactly while the state is an active one or STOPPING.
 */
export class ServiceJob {
  readonly record: JobRecord
  readonly #around: JobSurroundings
  readonly #serial = new Serial()
  #run: JobRun | undefined
  /** Of the run before, while there is none. */
  #figures: JobFigures | null = null
  #rows: readonly PartitionRow[] = []
  #restart: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined
  #occupiedSince: number | undefined
  #dropKill: (() => void) | undefined
  #closing = false
  #whenGone: (() => void) | undefined

  constructor(loaded: LoadedJob, around: JobSurroundings) {
    this.record = new JobRecord(loaded, around, async (task) => await this.#serial.run(task))
    this.#around = around
  }

  get rows(): readonly PartitionRow[] {
    return this.#run?.rows ?? this.#rows
  }

  get item(): JobListItem {
    return jobListItem(this.#itemParts())
  }

  get view(): Job {
    const { text, config } = this.record
    return jobView({
      ...this.#itemParts(),
      text,
      config,
      restartNeeded: this.#restartNeeded(),
      restartAt: this.#restart?.at ?? null,
      limit: failoverLimit(config),
      now: this.#around.now()
    })
  }

  /** One change at a time. */
  async exclusively<T>(task: () => Promise<T>): Promise<T> {
    return await this.#serial.run(task)
  }

  /** After the service has started: the job goes on as it was. */
  async recover(): Promise<void> {
    await this.exclusively(async () => {
      const { state } = this.record.stored
      if (state === 'STOPPING') await this.record.observe('stopped', null)
      if (!isActive(state)) return
      await this.record.observe('restarting', null)
      await this.#startAgain()
    })
  }

  /** `config`: of the new text, if it is complete. */
  async edit(text: string, revision: StoredRevision, config: JobConfig | undefined): Promise<void> {
    const changed = await this.record.edit(text, revision, config)
    const run = this.#run
    if (run === undefined || config === undefined) return
    const rate = keptRate(config.limits.rate)
    if (changed.rate) run.flow = await run.process.changeRate(rate)
    if (changed.logLevel) run.process.setLogLevel(config.log.level)
    if (this.#restartNeeded().length > 0) {
      // The revision that runs says something else, and so would a process that is started again with it.
      const kept = { ...(changed.rate && { rate }), ...(changed.logLevel && { logLevel: config.log.level }) }
      if (changed.rate || changed.logLevel) await this.record.keep({ ...this.record.stored, ...kept })
      return
    }
    // All of it is in effect, so a restart begins with it, too.
    const added = addedTopics(run.config, config)
    if (added.length > 0) run.process.include(added)
    run.config = config
    await this.record.keep({ ...this.record.stored, runningRevision: revision.revision })
  }

  async start(choice: StartChoice, retryAuthentication = false): Promise<void> {
    const state = this.record.check(retryAuthentication ? 'retry-authentication' : 'start', 'started')
    const { stored } = this.record
    const at = this.#around.now()
    this.#occupiedSince = undefined
    await this.record.keep({
      ...stored,
      state,
      reason: null,
      runningRevision: stored.revision,
      connections: this.record.connectionsOf(choice.config),
      startedAt: at,
      endedAt: null,
      changedAt: at,
      pendingReset: choice.pending,
      failovers: []
    })
    this.#launch(choice, retryAuthentication)
  }

  async stop(now: boolean): Promise<void> {
    const state = this.record.check('stop', 'stopped')
    const run = this.#run
    await this.record.keep({ ...this.record.stored, state, changedAt: this.#around.now() })
    this.#dropRestart()
    if (run === undefined) return await this.record.observe('stopped', null)
    if (now) run.process.endNow()
    else run.process.stop()
    this.#dropKill ??= run.killAfter((now ? 0 : run.config.checkpoint.drainTimeoutMs) + STOP_LIMIT_MS)
  }

  async setPaused(paused: boolean, target: PauseRequest & PauseTarget): Promise<void> {
    const { name, state, pauses } = this.record.stored
    if (!isActive(state)) {
      throw conflict(`Job ${name} is ${state}: nothing of it can be paused or resumed now.`, 'Start it first.')
    }
    const run = this.#run
    if (run !== undefined) {
      run.flow = await (paused ? run.process.pause(target) : run.process.resume(target))
      return await this.record.keep({ ...this.record.stored, pauses: run.flow.pauses })
    }
    // It waits for its next start, which begins with what is paused.
    await this.record.keep({ ...this.record.stored, pauses: (paused ? pause : resume)(pauses, target) })
  }

  async changeLive({ rate, logLevel }: LiveChange): Promise<void> {
    const run = this.#run
    if (rate !== undefined) {
      const next = { ...this.#rate, ...rate }
      if (run !== undefined) run.flow = await run.process.changeRate(next)
      await this.record.keep({ ...this.record.stored, rate: next })
    }
    if (logLevel !== undefined) {
      await this.record.keep({ ...this.record.stored, logLevel })
      run?.process.setLogLevel(logLevel)
    }
  }

  async resetPosition(pendingReset: PendingReset): Promise<void> {
    await this.record.keep({ ...this.record.stored, pendingReset, changedAt: this.#around.now() })
  }

  /** Ends its process, drained, and leaves the state as it is: it goes on when the service starts the next time. */
  async close(): Promise<void> {
    this.#closing = true
    await this.exclusively(async () => {
      this.#dropRestart()
      this.record.close()
      await Promise.resolve()
    })
    const run = this.#run
    if (run === undefined) return
    const gone = new Promise<void>((resolve) => (this.#whenGone = resolve))
    run.process.stop()
    this.#dropKill ??= run.killAfter(run.config.checkpoint.drainTimeoutMs + STOP_LIMIT_MS)
    await gone
  }

  #launch({ config, reset }: StartChoice, retryAuthentication: boolean): void {
    if (this.#closing) return
    const { records, startProcess, now } = this.#around
    const { stored } = this.record
    const start = startOf(config, stored, { reset, retryAuthentication, pauses: stored.pauses })
    const listener: JobRunListener = {
      onSnapshot: (run) => this.#onSnapshot(run),
      onTold: ({ tellings }) => {
        const level = this.record.stored.logLevel ?? config.log.level
        for (const telling of tellings) records.jobs.told(stored.name, telling, level)
      },
      onExit: (run, why) => this.#soon(async () => await this.#onExit(run, why))
    }
    this.#run = new JobRun(start, startProcess, listener, now)
    this.record.changed()
  }

  #onSnapshot(run: JobRun): void {
    if (this.#run !== run) return
    const { records, now } = this.#around
    const { name } = this.record.stored
    if (run.figures !== null) records.jobs.measured(name, now(), run.figures)
    records.jobs.changed(name)
    if (this.#newsOf(run) !== undefined) this.#soon(async () => await this.#see(run))
  }

  /** What a running job is seen to be, if the record does not say it yet. */
  #newsOf(run: JobRun): Seen | undefined {
    const { state, reason, pauses, pendingReset } = this.record.stored
    const seen = run.snapshot === undefined ? undefined : seenState(run.snapshot, run.rows)
    if (seen === undefined || nextState(state, seen.event) === undefined) return undefined
    const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
    const isKnown = nextState(state, seen.event) === state && same(seen.reason, reason)
    const flows = same(run.flow.pauses, pauses) && isSameRate(keptRate(run.flow.rate), this.#rate)
    return isKnown && pendingReset === null && flows ? undefined : seen
  }

  async #see(run: JobRun): Promise<void> {
    const seen = this.#run === run ? this.#newsOf(run) : undefined
    if (seen === undefined) return
    this.#occupiedSince = undefined
    // It runs, so the commits of the group were replaced before. And who paused or slowed it by its socket meant it.
    const { pauses } = run.flow
    const rate = keptRate(run.flow.rate)
    const changed = { pauses, ...(!isSameRate(rate, this.#rate) && { rate }) }
    await this.record.observe(seen.event, seen.reason, { pendingReset: null, ...changed })
  }

  async #onExit(run: JobRun, why: string): Promise<void> {
    if (this.#run !== run) return
    this.#rows = run.rows.map((row) => ({ ...row, recordsPerSecond: 0, bytesPerSecond: 0 }))
    this.#figures = run.figures === null ? this.#figures : endedFigures(run.figures)
    this.#run = undefined
    this.#dropKill?.()
    this.#dropKill = undefined
    this.#whenGone?.()
    const { now } = this.#around
    const limit = failoverLimit(this.record.config)
    const { state, failovers } = this.record.stored
    const { end, killed } = run
    // It ended because the service does, and goes on with the next one.
    if (this.#closing && isActive(state) && (end === undefined || end.state === 'STOPPED')) return
    const occupiedSince = this.#occupiedSince
    const how = endedHow({ now: now(), state, end, why, killed, failovers, limit, occupiedSince })
    if (this.#closing && how.event === 'restarting') return
    if (how.event === 'restarting') {
      this.#occupiedSince = how.occupiedSince
      this.#restartIn(how.delayMs)
    }
    await this.record.observe(how.event, how.reason, how.failovers === undefined ? {} : { failovers: how.failovers })
  }

  #restartIn(delayMs: number): void {
    const again = (): void => {
      this.#restart = undefined
      this.#soon(async () => await this.#startAgain())
    }
    this.#restart = { at: this.#around.now() + delayMs, timer: setTimeout(again, delayMs) }
  }

  /** As it ran: the same revision, its connections as they are now. */
  async #startAgain(): Promise<void> {
    const { name, state, reason, runningRevision, pendingReset } = this.record.stored
    if (this.#closing || this.#run !== undefined || !isActive(state)) return
    try {
      const revision = this.record.revisions.find((one) => one.revision === runningRevision)
      if (revision === undefined) throw conflict(`Job ${name} does not know what it ran with.`, 'Start it again.')
      const text = await this.#around.store.readConfig(name, revision)
      const config = readJobConfig(text, this.#around.config(), name)
      await this.record.observe('restarting', reason, { connections: this.record.connectionsOf(config) })
      this.#launch(chooseStart(config, {}, pendingReset), false)
    } catch (error) {
      await this.record.observe('failed', reasonOf(error))
    }
  }

  /** What is done with a record never rejects; see `JobRecord.observe`. */
  #soon(task: () => Promise<void>): void {
    this.#serial.run(task).catch((error: unknown) => {
      queueMicrotask(() => {
        throw error
      })
    })
  }

  #dropRestart(): void {
    clearTimeout(this.#restart?.timer)
    this.#restart = undefined
  }

  #restartNeeded(): readonly string[] {
    const running = this.#run?.config
    const { stored, config } = this.record
    if (running === undefined || config === undefined) return []
    const now = this.record.connectionsOf(config)
    const sides = (['source', 'target'] as const).filter((side) => now[side] !== stored.connections[side])
    return restartNeeded(running, config, sides)
  }

  get #rate(): KeptRate {
    return rateOf(this.record.stored.rate, this.record.config)
  }

  #itemParts(): JobItemParts {
    const { records } = this.#around
    const { stored, outline, approved } = this.record
    return {
      stored,
      outline,
      approved,
      figures: this.#run === undefined ? this.#figures : this.#run.figures,
      rows: this.rows,
      sparkline: records.jobs.sparkline(stored.name),
      firing: records.firing(stored.name)
    }
  }
}
