import { setTimeout as sleep } from 'node:timers/promises'
import type { JobSummary } from '../../../src/job/job-types.ts'
import { startCli, type CliOptions, type CliResult, type RunningCli } from '../../helpers/run-cli.ts'
import { childrenOf, isAlive } from './process-tree.ts'

type Settings = Readonly<Record<string, unknown>>

/** A job's configuration as in its file, without what every job of a test has. */
export interface JobSettings {
  readonly source?: Settings
  readonly target?: Settings
  readonly topics: { readonly include: readonly string[] } & Settings
  readonly [option: string]: unknown
}

export interface JobEnd extends CliResult {
  /** What `-o json` printed; reading it throws where nothing was printed. */
  readonly summary: JobSummary
}

const DEFAULT_TIMEOUT_MS = 120_000
const KILL_DEADLINE_MS = 15_000
const POLL_MS = 20

/** One job file and the runs of the built command line on it. */
export class TestJob {
  readonly file: string
  readonly groupId: string
  readonly #runs: JobRun[] = []

  constructor(file: string, groupId: string) {
    this.file = file
    this.groupId = groupId
  }

  start(flags: readonly string[] = [], options: CliOptions = {}): JobRun {
    const cli = startCli(['run', this.file, '-o', 'json', ...flags], { timeoutMs: DEFAULT_TIMEOUT_MS, ...options })
    const run = new JobRun(cli)
    this.#runs.push(run)
    return run
  }

  async run(flags: readonly string[] = [], options: CliOptions = {}): Promise<JobEnd> {
    return await this.start(flags, options).finished()
  }

  /** A run that copies what there is and ends, whatever the file says of its end. */
  async runToEnd(): Promise<JobEnd> {
    return await this.run(['--set', 'stop.at=end'])
  }

  async killAll(): Promise<void> {
    for (const run of this.#runs.splice(0)) await run.killTree()
  }
}

/** A supervisor that was started, and its workers. */
export class JobRun {
  readonly #cli: RunningCli

  constructor(cli: RunningCli) {
    this.#cli = cli
  }

  get pid(): number {
    return this.#cli.pid
  }

  get stderr(): string {
    return this.#cli.stderr
  }

  kill(signal: NodeJS.Signals): void {
    this.#cli.kill(signal)
  }

  async printed(pattern: RegExp, timeoutMs = 30_000): Promise<void> {
    await this.#cli.printed(pattern, timeoutMs)
  }

  /** Waits until that is printed once more than by now. */
  async printedAgain(pattern: RegExp, timeoutMs = 30_000): Promise<void> {
    const before = this.count(pattern)
    const deadline = Date.now() + timeoutMs
    while (this.count(pattern) <= before) {
      if (Date.now() > deadline) throw new Error(`millrace did not print ${pattern} again\n${this.stderr}`)
      await sleep(POLL_MS)
    }
  }

  /** How often that was printed. */
  count(pattern: RegExp): number {
    return [...this.stderr.matchAll(new RegExp(pattern, 'g'))].length
  }

  workers(): number[] {
    return childrenOf(this.pid)
  }

  /** To the first of the workers; which one that was. */
  signalWorker(signal: NodeJS.Signals): number {
    const [worker] = this.workers()
    if (worker === undefined) throw new Error(`no worker is there for ${signal}\n${this.stderr}`)
    process.kill(worker, signal)
    return worker
  }

  /** Where it serves metrics and health. */
  async url(): Promise<string> {
    const pattern = /Metrics and health are at (\S+) /
    await this.printed(pattern)
    return pattern.exec(this.stderr)?.[1] ?? ''
  }

  async finished(): Promise<JobEnd> {
    const end = await this.#cli.finished()
    return {
      ...end,
      get summary() {
        try {
          return JSON.parse(end.stdout) as JobSummary
        } catch {
          throw new Error(`no summary, ended with ${end.exitCode ?? end.signal}:\n${end.stdout}\n${end.stderr}`)
        }
      }
    }
  }

  /** At the end of a test that left it running. */
  async killTree(): Promise<void> {
    const pids = [...this.workers(), this.pid].filter(isAlive)
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    const deadline = Date.now() + KILL_DEADLINE_MS
    while (pids.some(isAlive) && Date.now() < deadline) await sleep(POLL_MS)
  }
}
