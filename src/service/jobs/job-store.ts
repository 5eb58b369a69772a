import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PlanView } from '../../api/contract.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { storageError, tornFile } from '../store/storage-errors.ts'
import { readWhole, readYamlFile, syncDirectory, writeWhole, writeYaml } from '../store/whole-file.ts'
import { type StoredJob, storedJob, storedPlan, type StoredRevision, storedRevision } from './job-file.ts'

const JOB_HEADING = 'What millrace serve knows of a job. Its configuration is in revisions/.'
const REVISION_HEADING = 'Who made this revision, and when.'

export interface LoadedJob {
  readonly job: StoredJob
  readonly revisions: readonly StoredRevision[]
  /** The newest configuration. */
  readonly config: string
  readonly approved: PlanView | null
}

/**
 * The directories of jobs.
 *
 * Invariant: `job.yaml` is what counts: a revision that it does not name is not there. A job comes and goes by the renaming
 * of its directory. A damaged file is not written over.
 */
export class JobStore {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Of all that are there; those that can't be read, with why. */
  async load(): Promise<{ readonly jobs: readonly LoadedJob[]; readonly damaged: ReadonlyMap<string, MillraceError> }> {
    const jobs: LoadedJob[] = []
    const damaged = new Map<string, MillraceError>()
    const entries = await readdir(this.#directory, { withFileTypes: true }).catch((error: unknown) => {
      throw storageError(this.#directory, 'read', error)
    })
    for (const { name } of entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))) {
      try {
        jobs.push(await this.#load(name))
      } catch (error) {
        damaged.set(name, error instanceof MillraceError ? error : storageError(this.#of(name), 'read', error))
      }
    }
    return { jobs, damaged }
  }

  stateDirectory(name: string): string {
    return join(this.#of(name), 'state')
  }

  logDirectory(name: string): string {
    return join(this.#of(name), 'log')
  }

  /** A new job with its first revision. */
  async create(job: StoredJob, revision: StoredRevision, config: string): Promise<void> {
    const directory = join(this.#directory, `.new-${randomBytes(6).toString('hex')}`)
    try {
      for (const part of ['revisions', 'state', 'log']) {
        await mkdir(join(directory, part), { recursive: true, mode: 0o700 })
      }
      await writeRevision(directory, revision, config)
      await writeYaml(join(directory, 'job.yaml'), JOB_HEADING, job)
      await rename(directory, this.#of(job.name))
      await syncDirectory(this.#directory)
    } catch (error) {
      await rm(directory, { recursive: true, force: true }).catch(() => undefined)
      throw storageError(this.#of(job.name), 'written', error)
    }
  }

  async save(job: StoredJob): Promise<void> {
    await writeYaml(join(this.#of(job.name), 'job.yaml'), JOB_HEADING, job)
  }

  /** `job` names the revision. */
  async saveRevision(job: StoredJob, revision: StoredRevision, config: string): Promise<void> {
    await writeRevision(this.#of(job.name), revision, config)
    await this.save(job)
  }

  async readConfig(name: string, revision: StoredRevision): Promise<string> {
    const path = join(this.#of(name), 'revisions', `${fileOf(revision.revision)}.yaml`)
    const text = await readWhole(path)
    if (text === undefined) throw tornFile(path, 'it is missing')
    if (sha256(text) !== revision.sha256) throw tornFile(path, 'its text is not the one that was written')
    return text
  }

  /** Before `job` says that it was approved. */
  async savePlan(name: string, revision: number, plan: PlanView): Promise<void> {
    await writeWhole(this.#planOf(name, revision), `${JSON.stringify(plan, null, 2)}\n`)
  }

  async remove(name: string): Promise<void> {
    const gone = join(this.#directory, `.gone-${randomBytes(6).toString('hex')}`)
    try {
      await rename(this.#of(name), gone)
      await syncDirectory(this.#directory)
    } catch (error) {
      throw storageError(this.#of(name), 'removed', error)
    }
    // It is no job any more; what stays is removed when the service starts.
    await rm(gone, { recursive: true, force: true }).catch(() => undefined)
  }

  async #load(name: string): Promise<LoadedJob> {
    const path = join(this.#of(name), 'job.yaml')
    const job = await readYamlFile(path, storedJob)
    if (job === undefined) throw tornFile(path, 'it is missing')
    if (job.name !== name) throw tornFile(path, `it is about ${job.name}`)
    const revisions: StoredRevision[] = []
    for (let revision = 1; revision <= job.revision; revision++) revisions.push(await this.#revision(name, revision))
    const newest = revisions.at(-1)
    if (newest === undefined) throw tornFile(path, 'it has no revision')
    const approved = job.approvedRevision === null ? null : await this.#plan(name, job.approvedRevision)
    return { job, revisions, config: await this.readConfig(name, newest), approved }
  }

  async #revision(name: string, revision: number): Promise<StoredRevision> {
    const path = join(this.#of(name), 'revisions', `${fileOf(revision)}.meta`)
    const found = await readYamlFile(path, storedRevision)
    if (found === undefined) throw tornFile(path, 'it is missing')
    return found
  }

  async #plan(name: string, revision: number): Promise<PlanView> {
    const path = this.#planOf(name, revision)
    const text = await readWhole(path)
    if (text === undefined) throw tornFile(path, 'it is missing')
    let plan: unknown
    try {
      plan = JSON.parse(text)
    } catch (error) {
      throw tornFile(path, error instanceof Error ? error.message : String(error))
    }
    if (!storedPlan(plan)) throw tornFile(path, 'it does not have the fields that it must have')
    return plan as unknown as PlanView
  }

  #planOf(name: string, revision: number): string {
    return join(this.#of(name), 'revisions', `${fileOf(revision)}.plan.json`)
  }

  #of(name: string): string {
    return join(this.#directory, name)
  }
}

export function revisionOf(config: string, about: Omit<StoredRevision, 'sha256'>): StoredRevision {
  return { ...about, sha256: sha256(config) }
}

async function writeRevision(directory: string, revision: StoredRevision, config: string): Promise<void> {
  const path = join(directory, 'revisions', fileOf(revision.revision))
  await writeWhole(`${path}.yaml`, config)
  await writeYaml(`${path}.meta`, REVISION_HEADING, revision)
}

function fileOf(revision: number): string {
  return String(revision).padStart(4, '0')
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
