import { performance } from 'node:perf_hooks'
import { expect } from 'vitest'
import { administer, type Comparison, type WriteRequest, type Written } from '../../helpers/checker.ts'
import { NOTHING_LOST, type ClusterPair, type Load } from './cluster-pair.ts'
import type { FaultId } from './fault-catalogue.ts'
import { tellResult } from './fault-results.ts'
import { watchMemory, type MemoryWatch } from './process-tree.ts'
import type { JobRun, JobSettings, TestJob } from './test-job.ts'

/** What a case needs of a pair of clusters, however many brokers they have. */
type Ground = Pick<ClusterPair, 'sourceCluster' | 'job' | 'startLoad' | 'copied' | 'compare'>

export interface CaseOptions {
  readonly partitions?: number
  readonly replication?: number
  readonly topicConfigs?: Record<string, string>
  readonly load?: Partial<WriteRequest>
  readonly job?: Partial<JobSettings>
  /** `limits.memory` of the job: the peak of all its processes together stays below it. */
  readonly memoryMib?: number
  /** A worker is taken for dead and wakes up again. */
  readonly lateOwners?: boolean
}

const MIB = 1024 * 1024
const MEMORY_MIB = 256
const SECOND = 1000
const POLL_MS = 100
/** A client that asks a broker that has died would else wait for longer than the copy does. */
const LOOK = { timeout: 5 }
const LASTING = { timeoutMs: 15 * 60 * SECOND }

/**
 * One case of the fault suite: a load of everything that Kafka takes, a job that copies it, and at the end the oracle's
 * figures, which are kept for docs/reliability.md.
 */
export class FaultCase {
  readonly topic: string
  readonly job: TestJob
  readonly load: Load
  readonly run: JobRun
  /** One of each run. */
  readonly #memory: MemoryWatch[] = []
  readonly #recoveries: number[] = []
  readonly #id: FaultId
  readonly #pair: Ground
  readonly #memoryMib: number
  readonly #lateOwners: boolean

  private constructor(pair: Ground, id: FaultId, job: TestJob, load: Load, options: CaseOptions & { topic: string }) {
    this.#pair = pair
    this.#id = id
    this.#memoryMib = options.memoryMib ?? MEMORY_MIB
    this.#lateOwners = options.lateOwners ?? false
    this.topic = options.topic
    this.job = job
    this.load = load
    this.run = this.#start()
  }

  /** `name` is the topic's and the job's. Resolves once records are copied. */
  static async start(pair: Ground, id: FaultId, name: string, options: CaseOptions = {}): Promise<FaultCase> {
    const { partitions = 4, replication = 1, topicConfigs, load: more, job: settings, memoryMib = MEMORY_MIB } = options
    const configs = { 'retention.ms': '-1', 'max.message.bytes': '5000000', ...topicConfigs }
    await administer(pair.sourceCluster, 'create_topic', { topic: name, partitions, configs, replication })
    const load = await pair.startLoad({ topic: name, partitions, kind: 'mixed', rate: 1000, ...more })
    const job = await pair.job(name, {
      topics: { include: [name] },
      limits: { memory: `${memoryMib}MiB` },
      checkpoint: { interval: '500ms' },
      ...settings
    })
    const started = new FaultCase(pair, id, job, load, { ...options, topic: name })
    await started.copiedMoreThan(200, 60 * SECOND)
    return started
  }

  async copied(): Promise<number> {
    return await this.#pair.copied(this.topic)
  }

  async copiedMoreThan(records: number, timeout = 30 * SECOND): Promise<void> {
    await expect
      .poll(() => this.copied().catch(() => -1), { timeout, interval: POLL_MS })
      .toBeGreaterThan(records)
      .catch((error: unknown) => this.#explain(error))
  }

  /** Called when the fault is over: records are copied again within the deadline. */
  async recovers(withinMs: number): Promise<void> {
    const clearedAt = performance.now()
    let before: number | undefined
    await expect
      .poll(
        async () => {
          const copied = await this.#pair.copied(this.topic, LOOK).catch(() => undefined)
          before ??= copied
          return copied !== undefined && before !== undefined && copied > before
        },
        { timeout: withinMs, interval: POLL_MS, message: 'records are copied again' }
      )
      .toBe(true)
      .catch((error: unknown) => this.#explain(error))
    const took = performance.now() - clearedAt
    expect(took, 'ms to the first record').toBeLessThanOrEqual(withinMs)
    this.#recoveries.push(took / SECOND)
  }

  /** By now. */
  get peakMib(): number {
    return Math.max(0, ...this.#memory.flatMap(({ samples }) => samples)) / MIB
  }

  /**
   * Ends load and run, looks whether anything was committed that was not delivered, copies what is left and compares.
   * Nothing may be lost, and no more memory used than was allowed; duplicates are the test's to judge.
   */
  async finish(): Promise<Comparison & { readonly written: Written }> {
    const written = await this.load.stop()
    this.run.kill('SIGTERM')
    const stopped = await this.run.finished()
    expect(stopped, stopped.stderr).toMatchObject({ exitCode: 143 })
    const halfway = await this.#pair.compare([this.topic], this.#against())
    expect(halfway, 'checkpoints when it was stopped').toMatchObject({ ...NOTHING_LOST, lost: halfway.lost })
    const end = await this.#start(['--set', 'stop.at=end']).finished()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    for (const watch of this.#memory) watch.stop()

    const comparison = await this.#pair.compare([this.topic], this.#against())
    const recovery = this.#recoveries.length > 0 ? { recoverySeconds: Math.max(...this.#recoveries) } : {}
    await tellResult(this.#id, this.topic, { ...comparison, ...recovery, peakMib: this.peakMib })
    expect(comparison).toMatchObject(NOTHING_LOST)
    expect(this.peakMib, 'MiB of all processes, below limits.memory').toBeLessThan(this.#memoryMib)
    expect(comparison.sourceRecords).toBeGreaterThanOrEqual(written.records)
    expect(written.aborted, 'records of aborted transactions were written').toBeGreaterThan(0)
    return { ...comparison, written }
  }

  #against(): { readonly group: string; readonly lateOwners: boolean } {
    return { group: this.job.groupId, lateOwners: this.#lateOwners }
  }

  /** With what the job said. */
  #explain(error: unknown): never {
    throw new Error(`${String(error)}\n${this.run.stderr.slice(-6000)}`, { cause: error })
  }

  #start(flags: readonly string[] = []): JobRun {
    const run = this.job.start(flags, LASTING)
    this.#memory.push(watchMemory(run.pid))
    return run
  }
}
