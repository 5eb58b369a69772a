import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import {
  administer,
  committedOffsets,
  compareTopics,
  createTopic,
  endOffsets,
  startWriting,
  writeRecords,
  type CompareRequest,
  type Comparison,
  type WriteRequest,
  type Written
} from '../../helpers/checker.ts'
import { startCluster, type KafkaCluster } from '../../kafka/start-cluster.ts'
import { startKafka, type KafkaBroker, type KafkaOptions } from '../../kafka/start-kafka.ts'
import { TestJob, type JobSettings } from './test-job.ts'

export type BrokerSettings = Omit<KafkaOptions, 'version'> & Partial<Pick<KafkaOptions, 'version'>>

/** One broker or three. */
type Side = Pick<KafkaBroker, 'bootstrapServers' | 'plainBootstrapServers' | 'stop' | 'kill'>

/** What no test of faults may show, however often the copy was interrupted. Duplicates are judged by the test. */
export const NOTHING_LOST = { lost: 0, reordered: 0, phantom: 0, altered: 0, earlyCheckpoints: [] }

/** Background load of a test. Stopped again, it answers the same. */
export interface Load {
  stop(): Promise<Written>
}

export interface GroupMember {
  readonly clientId: string
  readonly instanceId: string | null
  readonly partitions: readonly (readonly [topic: string, partition: number])[]
}

export type WidePair = ClusterPair<KafkaCluster>

/**
 * A source and a target of Kafka 3.9.1, and a directory for the jobs between them.
 *
 * Invariant: after `stop` no broker, no job and no writer is left.
 */
export class ClusterPair<Cluster extends Side = KafkaBroker> {
  readonly source: Cluster
  readonly target: Cluster
  readonly #directory: string
  readonly #jobs: TestJob[] = []
  readonly #loads: Load[] = []

  private constructor(source: Cluster, target: Cluster, directory: string) {
    this.source = source
    this.target = target
    this.#directory = directory
  }

  static async start(options: { source?: BrokerSettings; target?: BrokerSettings } = {}): Promise<ClusterPair> {
    return await ClusterPair.#of(
      startKafka({ version: '3.9.1', ...options.source }),
      startKafka({ version: '3.9.1', ...options.target })
    )
  }

  /** Three brokers a side, each record on all three. */
  static async startWide(): Promise<WidePair> {
    return await ClusterPair.#of(startCluster({ version: '3.9.1' }), startCluster({ version: '3.9.1' }))
  }

  static async #of<Cluster extends Side>(
    sourceStart: Promise<Cluster>,
    targetStart: Promise<Cluster>
  ): Promise<ClusterPair<Cluster>> {
    const [source, target] = await Promise.allSettled([sourceStart, targetStart])
    if (source.status === 'fulfilled' && target.status === 'fulfilled') {
      return new ClusterPair(source.value, target.value, await mkdtemp(join(tmpdir(), 'millrace-faults-')))
    }
    for (const side of [source, target]) if (side.status === 'fulfilled') await side.value.stop()
    throw source.status === 'rejected' ? source.reason : (target as PromiseRejectedResult).reason
  }

  get sourceCluster(): { bootstrap: string } {
    return { bootstrap: this.source.plainBootstrapServers }
  }

  get targetCluster(): { bootstrap: string } {
    return { bootstrap: this.target.plainBootstrapServers }
  }

  /** Where the files of the jobs are. */
  get directory(): string {
    return this.#directory
  }

  async stop(): Promise<void> {
    await this.endProcesses()
    await Promise.all([this.source.stop(), this.target.stop()])
    await rm(this.#directory, { recursive: true, force: true })
  }

  /** For `afterEach`: a test that failed in the middle leaves nothing running and no broker frozen. */
  async endProcesses(): Promise<void> {
    await Promise.all([this.source.kill('SIGCONT'), this.target.kill('SIGCONT')])
    for (const job of this.#jobs.splice(0)) await job.killAll()
    for (const load of this.#loads.splice(0)) await load.stop().catch(() => undefined)
  }

  /** A job named `name` from the source to the target, with a file and a state directory of its own. */
  async job(name: string, settings: JobSettings): Promise<TestJob> {
    const file = join(this.#directory, `${name}.yaml`)
    const { source, target, ...rest } = settings
    const document = {
      name,
      source: { bootstrapServers: this.source.bootstrapServers, ...source },
      target: { bootstrapServers: this.target.bootstrapServers, ...target },
      stateDir: join(this.#directory, `${name}.state`),
      ...rest
    }
    // YAML contains JSON.
    await writeFile(file, JSON.stringify(document, undefined, 2))
    const groupId = source?.['groupId']
    const job = new TestJob(file, typeof groupId === 'string' ? groupId : name)
    this.#jobs.push(job)
    return job
  }

  async createSourceTopic(topic: string, partitions = 1, configs: Record<string, string> = {}): Promise<void> {
    await createTopic(this.sourceCluster, topic, partitions, configs)
  }

  /** Writes to a source topic until `stop`. */
  async startLoad(request: Omit<WriteRequest, 'bootstrap' | 'records'>): Promise<Load> {
    const writer = await startWriting({ ...this.sourceCluster, records: 0, ...request })
    let stopped: Promise<Written> | undefined
    const load: Load = { stop: () => (stopped ??= writer.stop()) }
    this.#loads.push(load)
    return load
  }

  /** A source topic of four partitions that has records, and gets more of them until `stop`. */
  async startSequence(topic: string, records: number, rate: number): Promise<Load> {
    await this.createSourceTopic(topic, 4)
    const sequence = { topic, partitions: 4, keys: 'sequence' } as const
    await writeRecords({ ...this.sourceCluster, ...sequence, records })
    return await this.startLoad({ ...sequence, rate, firstSequence: records })
  }

  /** Records at the source. */
  async written(topic: string): Promise<number> {
    return sum(Object.values(await endOffsets(this.sourceCluster, topic)))
  }

  /** Records at the target, repetitions included. */
  async copied(topic: string, options: { readonly timeout?: number } = {}): Promise<number> {
    return sum(Object.values(await endOffsets(this.targetCluster, topic, options)))
  }

  async copiedMoreThan(topic: string, records: number, timeout = 10_000): Promise<void> {
    await expect.poll(() => this.copied(topic), { timeout, interval: 100 }).toBeGreaterThan(records)
  }

  /** What the group has committed, all partitions of the topic together. */
  async committed(group: string, topic: string): Promise<number> {
    const offsets = (await committedOffsets(this.sourceCluster, group))[topic] ?? {}
    return sum(Object.values(offsets).map(({ offset }) => offset))
  }

  /**
   * Until the group has committed every record of a topic without transactions. A job's own lag would not do: it is
   * a look at the source's end that may be a second old.
   */
  async allCommitted(group: string, topic: string, timeout = 60_000): Promise<void> {
    const written = await this.written(topic)
    await expect.poll(() => this.committed(group, topic), { timeout, interval: 500 }).toBe(written)
  }

  /** Source and target of topics that kept their names, seen by a client that isn't ours. Duplicates are counted only. */
  async compare(topics: readonly string[], more: Partial<CompareRequest> = {}): Promise<Comparison> {
    return await compareTopics({
      source: this.sourceCluster,
      target: this.targetCluster,
      topics: topics.map((topic) => [topic, topic] as const),
      allowDuplicates: true,
      ...more
    })
  }

  async members(group: string): Promise<GroupMember[]> {
    const { members } = await administer<{ members: GroupMember[] }>(this.sourceCluster, 'describe_group', { group })
    return members
  }

  /** How many partitions each member of the group has that has some, the fewest first. */
  async shares(group: string): Promise<number[]> {
    const counts = (await this.members(group)).map(({ partitions }) => partitions.length)
    return counts.filter((count) => count > 0).sort((a, b) => a - b)
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
