import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { askControl } from '../../../src/job/control/ask-control.ts'
import type { JobStatus } from '../../../src/job/control/job-control.ts'
import { runCli, type CliResult } from '../../helpers/run-cli.ts'
import type { TestJob } from '../faults/test-job.ts'

const LOOK_MS = 10

/** Speaks to a job of these tests while it runs, as `ClusterPair.job` made it. */
export class ControlOf {
  readonly #file: string
  readonly #stateDir: string

  constructor({ file, groupId }: TestJob) {
    this.#file = file
    this.#stateDir = join(dirname(file), `${groupId}.state`)
  }

  get stateDir(): string {
    return this.#stateDir
  }

  async status(): Promise<JobStatus> {
    return await askControl(this.#stateDir, { op: 'status' })
  }

  /** `millrace control FILE …` */
  async run(...args: readonly string[]): Promise<CliResult> {
    return await runCli(['control', this.#file, ...args])
  }

  /**
   * What is delivered in a second, over about that time. Workers tell what they did twice a second, so it is measured
   * from one telling to another.
   */
  async measure(milliseconds: number): Promise<{ readonly bytes: number; readonly records: number }> {
    const first = await this.#nextTelling()
    await sleep(milliseconds)
    const last = await this.#nextTelling()
    const seconds = (last.at - first.at) / 1000
    return { bytes: (last.bytes - first.bytes) / seconds, records: (last.records - first.records) / seconds }
  }

  async #nextTelling(): Promise<{ readonly at: number; readonly bytes: number; readonly records: number }> {
    const { records: before } = await this.status()
    for (;;) {
      const { records, bytes } = await this.status()
      if (records !== before) return { at: performance.now(), bytes, records }
      await sleep(LOOK_MS)
    }
  }
}
