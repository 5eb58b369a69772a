import type { MillraceError } from '../../model/millrace-error.ts'
import { notFound } from '../service-errors.ts'
import type { ServiceJob } from './service-job.ts'

/**
 * The jobs by name, and those whose files are damaged.
 *
 * Invariant: a name is in one of them at most.
 */
export class JobList {
  readonly #jobs = new Map<string, ServiceJob>()
  readonly #damaged: ReadonlyMap<string, MillraceError>

  constructor(damaged: ReadonlyMap<string, MillraceError>) {
    this.#damaged = damaged
  }

  get all(): readonly ServiceJob[] {
    return [...this.#jobs.values()].sort((a, b) => (a.record.stored.name < b.record.stored.name ? -1 : 1))
  }

  get damage(): readonly MillraceError[] {
    return [...this.#damaged.values()]
  }

  /** Throws MR_SERVICE_TORN when it is there and can't be read. */
  find(name: string): ServiceJob | undefined {
    const damage = this.#damaged.get(name)
    if (damage !== undefined) throw damage
    return this.#jobs.get(name)
  }

  get(name: string): ServiceJob {
    const job = this.find(name)
    if (job === undefined) throw notFound(`job ${name}`)
    return job
  }

  /** Does something with a job when it is its turn. Throws MR_SERVICE_NOT_FOUND when it was deleted meanwhile, too. */
  async inTurn<T>(name: string, task: (job: ServiceJob) => Promise<T>): Promise<T> {
    const job = this.get(name)
    return await job.exclusively(async () => {
      if (this.get(name) !== job)
        throw notFound(`job ${name}`, 'There is another one of that name by now: see it first.')
      return await task(job)
    })
  }

  add(job: ServiceJob): void {
    this.#jobs.set(job.record.stored.name, job)
  }

  remove(name: string): void {
    this.#jobs.delete(name)
  }
}
