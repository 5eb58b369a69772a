import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Plan } from '../../../src/control/plan-types.ts'
import { compareTopics, type Cluster, type CompareRequest, type Comparison } from '../../helpers/checker.ts'
import { runCli, type CliResult } from '../../helpers/run-cli.ts'
import { startKafka, type KafkaBroker } from '../../kafka/start-kafka.ts'
import type { KafkaVersion } from '../../kafka/versions.ts'
import { TestJob } from '../faults/test-job.ts'

type Settings = Readonly<Record<string, unknown>>

/** A job's configuration as in its file, without what every job of these tests has. */
export interface RuleSettings {
  readonly source?: Settings
  readonly target?: Settings
  readonly topics: { readonly include: readonly string[] } & Settings
  readonly [option: string]: unknown
}

export interface PlanEnd extends CliResult {
  /** What `plan -o json` printed. */
  readonly plan: Plan
}

/** What a comparison says of a true copy. */
export const TRUE_COPY = { equal: true, lost: 0, duplicate: 0, reordered: 0, phantom: 0, altered: 0, misplaced: [] }

export interface GroundOptions {
  readonly source: KafkaVersion
  /** Without it the source is the target too. */
  readonly target?: KafkaVersion
}

/**
 * Two brokers, and a directory for the files of the jobs between them. The tests of a file share them and run at the
 * same time, each with topics and groups of its own.
 *
 * Invariant: after `stop` no broker and no job is left.
 */
export class RuleGround {
  readonly source: Cluster
  readonly target: Cluster
  readonly directory: string
  readonly #brokers: readonly KafkaBroker[]
  readonly #jobs: TestJob[] = []

  private constructor(brokers: readonly [KafkaBroker, ...KafkaBroker[]], directory: string) {
    const [source, target = source] = brokers
    this.source = { bootstrap: source.bootstrapServers }
    this.target = { bootstrap: target.bootstrapServers }
    this.directory = directory
    this.#brokers = brokers
  }

  static async start({ source, target }: GroundOptions): Promise<RuleGround> {
    const versions = target === undefined ? [source] : [source, target]
    const starts = await Promise.allSettled(versions.map((version) => startKafka({ version })))
    const [first, ...others] = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    const failed = starts.find((start) => start.status === 'rejected')
    if (first !== undefined && failed === undefined) {
      return new RuleGround([first, ...others], await mkdtemp(join(tmpdir(), 'millrace-rules-')))
    }
    await Promise.all([first, ...others].map(async (broker) => await broker?.stop()))
    throw failed?.reason ?? new Error('no broker was asked for')
  }

  async stop(): Promise<void> {
    for (const job of this.#jobs) await job.killAll()
    await Promise.all(this.#brokers.map((broker) => broker.stop()))
    await rm(this.directory, { recursive: true, force: true })
  }

  /** A job named `name`, with a file, a group and a state directory of its own, that ends where the source ends now. */
  async job(name: string, { source, target, ...settings }: RuleSettings): Promise<TestJob> {
    const file = join(this.directory, `${name}.yaml`)
    const document = {
      name,
      source: { bootstrapServers: this.source.bootstrap, ...source },
      target: { bootstrapServers: this.target.bootstrap, ...target },
      stop: { at: 'end' },
      stateDir: this.stateDir(name),
      ...settings
    }
    // YAML contains JSON.
    await writeFile(file, JSON.stringify(document, undefined, 2))
    const job = new TestJob(file, name)
    this.#jobs.push(job)
    return job
  }

  stateDir(name: string): string {
    return join(this.directory, `${name}.state`)
  }

  /** Pairs of source and target topic, seen by a client that isn't ours. */
  async compare(
    topics: readonly (readonly [string, string])[],
    more: Partial<CompareRequest> = {}
  ): Promise<Comparison> {
    return await compareTopics({ source: this.source, target: this.target, topics, ...more })
  }
}

export async function planOf(job: TestJob, flags: readonly string[] = []): Promise<PlanEnd> {
  const end = await runCli(['plan', job.file, '-o', 'json', ...flags])
  return {
    ...end,
    get plan() {
      try {
        return JSON.parse(end.stdout) as Plan
      } catch {
        throw new Error(`no plan, ended with ${end.exitCode ?? end.signal}:\n${end.stdout}\n${end.stderr}`)
      }
    }
  }
}

/** Plan and run both refuse the job with exit code 4 and for this reason among others; the run copies nothing. */
export async function expectRefusal(job: TestJob, code: string, message: RegExp): Promise<void> {
  const planned = await planOf(job)
  expect(planned.plan.refusals).toContainEqual(
    expect.objectContaining({ code, message: expect.stringMatching(message) as unknown })
  )
  expect(planned.exitCode, planned.stderr).toBe(4)
  const run = await job.run()
  expect(run, run.stderr).toMatchObject({ exitCode: 4, summary: { state: 'FAILED', records: 0, partitions: [] } })
  expect(run.stderr).toContain(code)
  expect(run.stderr).toMatch(message)
}
