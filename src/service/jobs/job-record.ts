import type { PlanView, Reason } from '../../api/contract.ts'
import type { JobConfig } from '../../config/job-config.ts'
import { type Outline, outlineOf } from '../../config/outline.ts'
import type { StartProcess } from '../process/job-process.ts'
import { reasonOf } from '../reason-of.ts'
import type { Records } from '../record/records.ts'
import { conflict } from '../service-errors.ts'
import { type ConfigSurroundings, readJobConfig } from './job-config.ts'
import type { StoredJob, StoredRevision } from './job-file.ts'
import { isStill, type LifecycleEvent, nextState } from './job-lifecycle.ts'
import type { JobStore, LoadedJob } from './job-store.ts'

export interface JobSurroundings {
  readonly store: JobStore
  readonly records: Pick<Records, 'jobs' | 'firing'>
  readonly config: () => ConfigSurroundings
  /** Of the connection as it is now; null = there is none. */
  readonly connectionRevision: (name: string) => number | null
  readonly startProcess: StartProcess
  readonly now: () => number
}

/** A state that could not be written is written again after this. */
const SAVE_AGAIN_MS = 5000

/**
 * What the service knows of a job whatever becomes of the service.
 *
 * Invariant: what a user changes is on the disk before it is in memory; what is seen is in memory at once, and written
 * again until the disk takes it.
 */
export class JobRecord {
  readonly #around: JobSurroundings
  readonly #exclusively: (task: () => Promise<void>) => Promise<void>
  #stored: StoredJob
  #revisions: readonly StoredRevision[]
  #text: string
  #outline: Outline | undefined
  #approved: PlanView | null
  #config: { readonly is: JobConfig | undefined } | undefined
  #unsaved: { readonly reason: Reason; readonly timer: NodeJS.Timeout } | undefined

  /** @param exclusively runs what it is given while nothing else changes the record */
  constructor(
    { job, revisions, config, approved }: LoadedJob,
    around: JobSurroundings,
    exclusively: (task: () => Promise<void>) => Promise<void>
  ) {
    this.#stored = job
    this.#revisions = revisions
    this.#text = config
    this.#approved = approved
    this.#around = around
    this.#exclusively = exclusively
  }

  get stored(): StoredJob {
    return this.#stored
  }

  /** The newest configuration. */
  get text(): string {
    return this.#text
  }

  /** What it says of itself. Kept: it is shown every second, and thousands of topics take long to read. */
  get outline(): Outline {
    this.#outline ??= outlineOf(this.#text)
    return this.#outline
  }

  /** The same, read; undefined = it is not complete, or names what there is not. */
  get config(): JobConfig | undefined {
    if (this.#config === undefined) {
      try {
        this.#config = { is: this.readConfig() }
      } catch {
        // A draft need not be complete; whoever needs it whole reads it anew.
        this.#config = { is: undefined }
      }
    }
    return this.#config.is
  }

  get revisions(): readonly StoredRevision[] {
    return this.#revisions
  }

  get approved(): PlanView | null {
    return this.#approved
  }

  /** What could not be written. */
  get reasons(): readonly Reason[] {
    return this.#unsaved === undefined ? [] : [this.#unsaved.reason]
  }

  /** Throws ConfigErrors. */
  readConfig(): JobConfig {
    return readJobConfig(this.#text, this.#around.config(), this.#stored.name)
  }

  /** Connections are not what they were. */
  connectionsChanged(): void {
    this.#config = undefined
    this.changed()
  }

  /** Revisions of the connections that a configuration names. */
  connectionsOf({ source, target }: JobConfig): StoredJob['connections'] {
    const revisionOf = (name: string | undefined) => (name === undefined ? null : this.#around.connectionRevision(name))
    return { source: revisionOf(source.connection), target: revisionOf(target.connection) }
  }

  /** The state that follows. Throws MR_SERVICE_CONFLICT when there is none. */
  check(event: LifecycleEvent, what: string): StoredJob['state'] {
    const next = nextState(this.#stored.state, event)
    if (next !== undefined) return next
    const { name, state } = this.#stored
    throw conflict(`Job ${name} is ${state}: it can't be ${what} now.`, 'Its `actions` say what can be done with it.')
  }

  /** What was changed while it ran gives way to what the configuration says anew. */
  async edit(
    text: string,
    revision: StoredRevision,
    config: JobConfig | undefined
  ): Promise<{ readonly rate: boolean; readonly logLevel: boolean }> {
    const state = this.check('edit', 'edited')
    const before = this.config
    const changed = {
      rate: JSON.stringify(before?.limits.rate) !== JSON.stringify(config?.limits.rate),
      logLevel: before?.log.level !== config?.log.level
    }
    const next = {
      ...this.#stored,
      state,
      revision: revision.revision,
      changedAt: revision.at,
      ...(changed.rate && { rate: null }),
      ...(changed.logLevel && { logLevel: null })
    }
    await this.#around.store.saveRevision(next, revision, text)
    this.#text = text
    this.#outline = undefined
    this.#config = undefined
    this.#revisions = [...this.#revisions, revision]
    this.#enter(next)
    return changed
  }

  async approve(plan: PlanView): Promise<void> {
    const state = this.check('submit', 'submitted')
    const { store, now } = this.#around
    const { name, revision } = this.#stored
    await store.savePlan(name, revision, plan)
    const next = { ...this.#stored, state, reason: null, approvedRevision: revision, changedAt: now() }
    await store.save(next)
    this.#approved = plan
    this.#enter(next)
  }

  /** What a user changes. Rejects with MR_SERVICE_STORAGE, and nothing is changed. */
  async keep(next: StoredJob): Promise<void> {
    await this.#around.store.save(next)
    this.#enter(next)
  }

  /** What has happened has happened, whether or not the disk takes it. */
  async observe(event: LifecycleEvent, reason: Reason | null, more: Partial<StoredJob> = {}): Promise<void> {
    const state = nextState(this.#stored.state, event)
    if (state === undefined) return
    const endedAt = isStill(state) ? this.#around.now() : this.#stored.endedAt
    this.#enter({ ...this.#stored, ...more, state, reason, endedAt })
    await this.#save()
  }

  /** Something that is shown of the job is not what it was. */
  changed(): void {
    this.#around.records.jobs.changed(this.#stored.name)
  }

  close(): void {
    clearTimeout(this.#unsaved?.timer)
  }

  async #save(): Promise<void> {
    clearTimeout(this.#unsaved?.timer)
    try {
      await this.#around.store.save(this.#stored)
      this.#unsaved = undefined
    } catch (error) {
      const again = (): void => {
        this.#exclusively(async () => await this.#save()).catch(() => undefined)
      }
      this.#unsaved = { reason: reasonOf(error), timer: setTimeout(again, SAVE_AGAIN_MS).unref() }
    }
  }

  #enter(next: StoredJob): void {
    const before = this.#stored
    this.#stored = next
    const { name, state, reason } = next
    if (before.state !== state) this.#around.records.jobs.entered(name, this.#around.now(), state, reason)
    this.changed()
  }
}
