import { chmod, mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ServiceLock } from './service-lock.ts'
import { storageError } from './storage-errors.ts'

/** What an atomic write that was cut short leaves beside its file: the name, a dot, a number. */
const LEFT_BEHIND = /\.\d+$/
/** Of a job that was being made or removed; see `JobStore`. */
const UNFINISHED = /^\.(?:new|gone)-/

/**
 * Where the service keeps everything: human-readable files for its user alone.
 *
 *     connections/NAME.yaml   secrets/…   jobs/NAME/job.yaml   jobs/NAME/revisions/0001.yaml, .meta, .plan.json
 *     jobs/NAME/state/        jobs/NAME/log/                   alarms/   audit.jsonl   service.sock
 *
 * Invariant: one process has it open.
 */
export class DataDirectory {
  readonly path: string
  readonly #lock: ServiceLock

  private constructor(path: string, lock: ServiceLock) {
    this.path = path
    this.#lock = lock
  }

  /** Rejects with MR_SERVICE_RUNNING when another service has it, with MR_SERVICE_STORAGE when it can't be used. */
  static async open(path: string): Promise<DataDirectory> {
    const whole = resolve(path)
    // Secrets are referred to as ${file:PATH}.
    if (/[}\n]/.test(whole)) throw storageError(whole, 'written', new Error('a } in the path can not be referred to'))
    try {
      await mkdir(whole, { recursive: true, mode: 0o700 })
      // A directory that was there may be open to others.
      await chmod(whole, 0o700)
    } catch (error) {
      throw storageError(whole, 'written', error)
    }
    const lock = await ServiceLock.take(whole)
    const directory = new DataDirectory(whole, lock)
    try {
      for (const part of [directory.connections, directory.secrets, directory.jobs]) {
        await mkdir(part, { recursive: true, mode: 0o700 })
      }
      await directory.#sweep()
    } catch (error) {
      await lock.release()
      throw storageError(whole, 'written', error)
    }
    return directory
  }

  get connections(): string {
    return join(this.path, 'connections')
  }

  get secrets(): string {
    return join(this.path, 'secrets')
  }

  get jobs(): string {
    return join(this.path, 'jobs')
  }

  /** Whether it still is this process's. */
  async holds(): Promise<boolean> {
    return await this.#lock.holds()
  }

  async close(): Promise<void> {
    await this.#lock.release()
  }

  /** Removes what a killed service left half done; none of it was part of anything yet. */
  async #sweep(): Promise<void> {
    const names = await readdir(this.jobs)
    const jobs = names.filter((name) => !UNFINISHED.test(name)).map((name) => join(this.jobs, name))
    for (const name of names.filter((one) => UNFINISHED.test(one))) {
      await rm(join(this.jobs, name), { recursive: true, force: true })
    }
    const inJobs = jobs.flatMap((job) => [job, join(job, 'revisions')])
    for (const directory of [this.connections, this.secrets, ...inJobs]) {
      const files = await readdir(directory, { withFileTypes: true }).catch(() => [])
      const left = files.filter((file) => file.isFile() && LEFT_BEHIND.test(file.name))
      for (const { name } of left) await rm(join(directory, name), { force: true })
    }
    const sockets = (await readdir(this.path)).filter((name) => /^(?:\.sock-|service\.sock-)/.test(name))
    for (const name of sockets) await rm(join(this.path, name), { force: true })
  }
}
