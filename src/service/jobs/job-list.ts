import type { PartitionRow } from '../../api/contract.ts'
import type { MillraceError } from '../../model/millrace-error.ts'
import { badRequest, notFound } from '../service-errors.ts'
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

  add(job: ServiceJob): void {
    this.#jobs.set(job.record.stored.name, job)
  }

  remove(name: string): void {
    this.#jobs.delete(name)
  }
}

const SORTS: Readonly<Record<string, (row: PartitionRow) => string | number>> = {
  topic: ({ topic }) => topic,
  partition: ({ partition }) => partition,
  target: ({ target }) => target,
  state: ({ state }) => state,
  from: ({ from }) => from ?? -1,
  to: ({ to }) => to ?? -1,
  end: ({ end }) => end ?? -1,
  lag: ({ lag }) => lag ?? -1,
  records: ({ records }) => records,
  recordsPerSecond: ({ recordsPerSecond }) => recordsPerSecond,
  bytesPerSecond: ({ bytesPerSecond }) => bytesPerSecond
}

/** By the column that is named, downwards with a `-` before it. Throws MR_SERVICE_REQUEST for a column that there is not. */
export function sortRows(rows: readonly PartitionRow[], sort: string | undefined): readonly PartitionRow[] {
  if (sort === undefined) return rows
  const column = sort.replace(/^-/, '')
  const of = Object.hasOwn(SORTS, column) ? SORTS[column] : undefined
  if (of === undefined)
    throw badRequest(`There is no column ${JSON.stringify(column)}.`, `Sort by ${Object.keys(SORTS).join(', ')}.`)
  const direction = sort.startsWith('-') ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [of(a), of(b)]
    return left === right ? 0 : left < right ? -direction : direction
  })
}
