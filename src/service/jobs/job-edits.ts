import type { Job } from '../../api/contract.ts'
import { ConfigErrors } from '../../config/config-errors.ts'
import { checkPrecondition } from '../page.ts'
import { Serial } from '../serial.ts'
import { conflict } from '../service-errors.ts'
import type { Precondition } from '../service-port.ts'
import { createJob } from './create-job.ts'
import { findDraftProblems, readJobConfig } from './job-config.ts'
import { isStill } from './job-lifecycle.ts'
import type { JobList } from './job-list.ts'
import type { JobSurroundings } from './job-record.ts'
import { revisionOf } from './job-store.ts'
import type { ServiceJob } from './service-job.ts'

/** What somebody wrote, and who. */
interface Draft {
  readonly config: string
  readonly note: string
  readonly who: string
}

/**
 * How jobs come, change and go.
 *
 * Invariant: names come and go one at a time, and whoever waits for the turn of a job holds no name: a job whose clusters
 * do not answer holds up itself alone.
 */
export class JobEdits {
  readonly #jobs: JobList
  readonly #around: JobSurroundings
  readonly #names = new Serial()

  constructor(jobs: JobList, around: JobSurroundings) {
    this.#jobs = jobs
    this.#around = around
  }

  async put(name: string, draft: Draft, on: Precondition): Promise<Job> {
    const known = this.#jobs.find(name)
    checkPrecondition(`job ${name}`, known?.record.stored.revision, on)
    const problems = findDraftProblems(draft.config, this.#around.config().cwd, name)
    if (problems.length > 0) throw new ConfigErrors(problems)
    if (known === undefined) {
      const made = await this.#names.run(async () => await this.#create(name, draft))
      // Somebody was faster, so there is something to edit.
      return made?.view ?? (await this.put(name, draft, on))
    }
    return await this.#jobs.inTurn(name, async (job) => {
      // It may have changed while this waited.
      checkPrecondition(`job ${name}`, job.record.stored.revision, on)
      await this.#edit(job, draft)
      return job.view
    })
  }

  async delete(name: string, on: Precondition): Promise<void> {
    const { store, records } = this.#around
    await this.#jobs.inTurn(name, async ({ record }) => {
      const { revision, state } = record.stored
      checkPrecondition(`job ${name}`, revision, on)
      if (!isStill(state)) throw conflict(`Job ${name} is ${state}: it can't be deleted now.`, 'Stop it first.')
      await this.#names.run(async () => {
        await store.remove(name)
        this.#jobs.remove(name)
        record.close()
        await records.jobs.forget(name)
      })
    })
  }

  /** Undefined = it is there by now. */
  async #create(name: string, draft: Draft): Promise<ServiceJob | undefined> {
    if (this.#jobs.find(name) !== undefined) return undefined
    const job = await createJob({ name, ...draft }, this.#around)
    this.#jobs.add(job)
    job.record.changed()
    return job
  }

  async #edit(job: ServiceJob, { config, note, who }: Draft): Promise<void> {
    const { stored, text } = job.record
    if (config === text) return
    const mayBeIncomplete = stored.state === 'DRAFT' || stored.state === 'SUBMITTED'
    const read = mayBeIncomplete ? undefined : readJobConfig(config, this.#around.config(), stored.name)
    const about = { revision: stored.revision + 1, at: this.#around.now(), who, note }
    await job.edit(config, revisionOf(config, about), read)
  }
}
