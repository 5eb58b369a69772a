import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { BatchConsumer, ClusterSettings, RecordLoader } from '../../client/types.ts'
import type { JobConfig, StopConfig } from '../../config/job-config.ts'
import type { Clusters } from '../connect-clusters.ts'
import type { JobOptions } from '../job-types.ts'
import { type BenchNames, SCRATCH_CONFIGS, benchJob, benchNames, targetPartitions } from './bench-names.ts'
import type {
  BenchOptions,
  BenchPhase,
  BenchReport,
  BenchResult,
  BenchedJob,
  Latency,
  Leftover
} from './bench-types.ts'
import { checkResult } from './check-result.ts'
import { compareCounts, endsOf, sum } from './copy-check.ts'
import { generatedValues } from './generated-values.ts'
import { loadRecords } from './load-records.ts'
import { measureLatency } from './measure-latency.ts'
import { measureThroughput } from './measure-throughput.ts'
import { Scratch, type ScratchSide } from './scratch.ts'

/** What a benchmark works with; tests give something else. */
export interface BenchParts {
  connect(config: JobConfig, signal: AbortSignal): Promise<Clusters>
  createLoader(settings: ClusterSettings, lingerMs: number): Promise<RecordLoader>
  createReader(settings: ClusterSettings, groupId: string): Promise<BatchConsumer>
  createJob(config: JobConfig, options: JobOptions): BenchedJob
}

/** For deleting, and the same after a second signal. A worker that was killed stays a member of its group for 10 s. */
const CLEAN_MS = 30_000
const HASTY_CLEAN_MS = 5000
const BULK_LINGER_MS = 20

type Findings = {
  -readonly [K in 'load' | 'throughput' | 'usage' | 'limits' | 'copy' | 'latency' | 'latencyMissing']: BenchReport[K]
}

/**
 * A benchmark between a job's two clusters, from its scratch topics to their deletion.
 *
 * Invariant: `run` is called once and never rejects; whatever ends it, what it made is deleted or named in the report
 * as left over. `stop` lets the present job drain, `kill` does not, and both clean up.
 */
export class Bench {
  readonly #options: BenchOptions
  readonly #parts: BenchParts
  readonly #scratch = new Scratch()
  readonly #stopped = new AbortController()
  readonly #killed = new AbortController()
  readonly #found: Findings = {
    load: null,
    throughput: null,
    usage: null,
    limits: null,
    copy: null,
    latency: null,
    latencyMissing: null
  }
  readonly #random = randomBytes(4).toString('hex')
  readonly #groupId: string
  #names: BenchNames = { topic: '', target: '' }
  #targetPartitions = 0
  #job: BenchedJob | undefined
  #stateDir = ''

  constructor(options: BenchOptions, parts: BenchParts) {
    this.#options = options
    this.#parts = parts
    this.#groupId = `${options.config.name}-bench-${this.#random}`
  }

  async run(): Promise<BenchResult> {
    let clusters: Clusters | undefined
    let failure: { readonly error: unknown } | undefined
    let leftovers: readonly Leftover[] = []
    try {
      this.#phase('connect', 'Connecting to both clusters.')
      const { config } = this.#options
      const source = { ...config.source, groupId: this.#groupId }
      clusters = await this.#parts.connect({ ...config, source }, this.#stopped.signal)
      await this.#measure(clusters)
    } catch (error) {
      failure = { error }
    }
    if (clusters !== undefined) {
      leftovers = await this.#clean()
      await Promise.race([clusters.close(), pause(HASTY_CLEAN_MS, undefined, { ref: false })])
    }
    if (this.#stateDir !== '') await rm(this.#stateDir, { recursive: true, force: true })
    return this.#result(failure, leftovers)
  }

  /** Ends it; what is in flight is delivered first. */
  stop(): void {
    this.#stopped.abort()
    this.#job?.stop()
  }

  /** Ends it at once; what was made is still deleted, if that goes quickly. */
  kill(): void {
    this.#stopped.abort()
    this.#killed.abort()
    this.#job?.kill()
  }

  async #measure(clusters: Clusters): Promise<void> {
    const { config, settings } = this.#options
    const { signal } = this.#stopped
    await this.#name(clusters)
    this.#stateDir = await mkdtemp(join(tmpdir(), 'millrace-bench-'))
    await this.#createTopics(clusters)
    const values = generatedValues(settings.payload, settings.sizeBytes)
    await this.#load(clusters, values)
    signal.throwIfAborted()
    await this.#mirror(clusters)
    signal.throwIfAborted()

    this.#phase('check', 'Comparing the counts of both sides.')
    const sourceEnds = await endsOf(clusters.source, this.#names.topic, settings.partitions)
    const targetEnds = await endsOf(clusters.target, this.#names.target, this.#targetPartitions)
    this.#found.copy = compareCounts(sourceEnds, targetEnds, config.partitions)
    if (!this.#found.copy.equal || settings.latencySeconds === 0) return
    await this.#measureLatency(clusters, values, targetEnds)
  }

  async #name({ source, target }: Clusters): Promise<void> {
    const { config, settings } = this.#options
    const [from, to] = await Promise.all([source.describeCluster(), target.describeCluster()])
    const topic = settings.topic ?? `millrace-bench-${this.#random}`
    this.#names = benchNames(config, topic, from.clusterId === to.clusterId)
    this.#targetPartitions = targetPartitions(config, settings.partitions)
  }

  async #createTopics(clusters: Clusters): Promise<void> {
    const { config, settings } = this.#options
    const { topic, target } = this.#names
    const [source, copy] = [this.#side(clusters, 'source'), this.#side(clusters, 'target')]
    this.#phase('create', `Creating topic ${topic} on the source and ${target} on the target.`)
    await this.#scratch.checkFree([
      [source, topic],
      [copy, target]
    ])
    const { create } = config.topics
    this.#stopped.signal.throwIfAborted()
    await this.#scratch.create(source, {
      topic,
      partitions: settings.partitions,
      replicationFactor: settings.replicationFactor ?? -1,
      configs: SCRATCH_CONFIGS
    })
    this.#stopped.signal.throwIfAborted()
    await this.#scratch.create(copy, {
      topic: target,
      partitions: this.#targetPartitions,
      replicationFactor: settings.replicationFactor ?? create.replicationFactor,
      configs: { ...SCRATCH_CONFIGS, ...create.configs, 'message.timestamp.type': 'CreateTime' }
    })
    this.#scratch.useGroup(source, this.#groupId)
  }

  async #load({ settings: of }: Clusters, values: readonly Buffer[]): Promise<void> {
    const { records, partitions, sizeBytes } = this.#options.settings
    this.#phase('load', 'Loading.')
    const loader = await this.#parts.createLoader(of.source, BULK_LINGER_MS)
    const began = performance.now()
    try {
      const load = { topic: this.#names.topic, partitions, values, signal: this.#stopped.signal }
      await loadRecords(loader, records, load, (done) => this.#progress('load', done, records))
    } finally {
      await loader.close()
    }
    this.#found.load = { records, bytes: records * sizeBytes, seconds: (performance.now() - began) / 1000 }
  }

  async #mirror({ target }: Clusters): Promise<void> {
    const { records, sizeBytes } = this.#options.settings
    this.#phase('mirror', 'Mirroring.')
    const copied = async (): Promise<number> => sum(await endsOf(target, this.#names.target, this.#targetPartitions))
    const job = this.#createJob({ at: 'end' })
    const run = await measureThroughput(job, copied, sizeBytes, (done) => this.#progress('mirror', done, records))
    checkResult(run.result)
    this.#found.throughput = run.throughput
    this.#found.usage = run.usage
    this.#found.limits = run.limits
  }

  async #measureLatency(
    { settings: of }: Clusters,
    values: readonly Buffer[],
    targetEnds: readonly number[]
  ): Promise<void> {
    const { latencySeconds, latencyRate, partitions } = this.#options.settings
    this.#phase('latency', `Measuring latency with ${latencyRate} records a second.`)
    const loader = await this.#parts.createLoader(of.source, 0)
    try {
      const reader = await this.#parts.createReader(of.target, this.#groupId)
      try {
        const job = this.#createJob({ at: 'never' })
        const measuring = new AbortController()
        const running = job.run().finally(() => measuring.abort())
        const latency = await measureLatency({
          loader,
          consumer: reader,
          topic: this.#names.topic,
          partitions,
          targetTopic: this.#names.target,
          targetEnds,
          values,
          seconds: latencySeconds,
          ratePerSecond: latencyRate,
          onProgress: (done) => this.#progress('latency', done, latencySeconds),
          signal: AbortSignal.any([this.#stopped.signal, measuring.signal])
        }).finally(() => job.stop())
        checkResult(await running)
        this.#noteLatency(latency)
      } finally {
        await reader.close()
      }
    } finally {
      await loader.close()
    }
  }

  #noteLatency(latency: Latency | undefined): void {
    this.#found.latency = latency ?? null
    if (latency === undefined && !this.#stopped.signal.aborted) {
      this.#found.latencyMissing =
        'No record was seen in the target: reading it needs READ on the target topic for the user of the target.'
    }
  }

  #createJob(stop: StopConfig): BenchedJob {
    const { config, resolveSecrets, onEvent } = this.#options
    const parts = { names: this.#names, groupId: this.#groupId, stateDir: this.#stateDir }
    const job = this.#parts.createJob(benchJob(config, { ...parts, stop }), {
      reset: false,
      retryAuthentication: true,
      leavesGroup: true,
      resolveSecrets,
      onEvent: (event) => onEvent({ type: 'job', event })
    })
    this.#job = job
    return job
  }

  async #clean(): Promise<readonly Leftover[]> {
    this.#phase('clean', 'Deleting what was made.')
    const deadline = new AbortController()
    const timers = [setTimeout(() => deadline.abort(), CLEAN_MS)]
    const hurry = (): void => void timers.push(setTimeout(() => deadline.abort(), HASTY_CLEAN_MS))
    if (this.#killed.signal.aborted) hurry()
    else this.#killed.signal.addEventListener('abort', hurry, { once: true })
    try {
      return await this.#scratch.clean(deadline.signal)
    } finally {
      for (const timer of timers) clearTimeout(timer)
    }
  }

  #side(clusters: Clusters, side: 'source' | 'target'): ScratchSide {
    return { admin: clusters[side], bootstrapServers: clusters.settings[side].bootstrapServers }
  }

  #result(failure: { readonly error: unknown } | undefined, leftovers: readonly Leftover[]): BenchResult {
    const { topic, ...settings } = this.#options.settings
    const stopped = this.#stopped.signal.aborted
    // What failed because it was stopped is no failure of its own.
    const failed = !stopped && (failure !== undefined || this.#found.copy?.equal === false)
    const report: BenchReport = {
      name: this.#options.config.name,
      state: stopped ? 'STOPPED' : failed ? 'FAILED' : 'COMPLETED',
      topic: this.#names.topic,
      targetTopic: this.#names.target,
      groupId: this.#groupId,
      settings,
      ...this.#found,
      leftovers
    }
    return { report, ...(failure !== undefined && !stopped && { error: failure.error }) }
  }

  #phase(phase: BenchPhase, text: string): void {
    this.#options.onEvent({ type: 'phase', phase, text })
  }

  #progress(phase: BenchPhase, done: number, of: number): void {
    this.#options.onEvent({ type: 'progress', phase, done, of })
  }
}
