import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka, type KafkaBroker } from '../../test/kafka/start-kafka.ts'
import type { KafkaVersion } from '../../test/kafka/versions.ts'

export const KAFKA_VERSION: KafkaVersion = '3.9.1'

const CONFIGS = {
  // The target's topics come and go with every run: their files shall not pile up.
  'log.segment.delete.delay.ms': '1000'
}

export interface BenchCluster {
  readonly broker: KafkaBroker
  readonly bootstrapServers: string
  /** Where the broker keeps its topics. */
  readonly logDirectory: string
}

/**
 * Two single brokers on this machine and a directory for what a run needs.
 *
 * Invariant: `stop` ends the brokers and removes every file, also after a failure half-way.
 */
export class Clusters {
  readonly directory: string
  readonly source: BenchCluster
  readonly target: BenchCluster

  private constructor(directory: string, source: BenchCluster, target: BenchCluster) {
    this.directory = directory
    this.source = source
    this.target = target
  }

  /** In a new directory below `parent`; the brokers write gigabytes into it. */
  static async start(parent = tmpdir()): Promise<Clusters> {
    const directory = await mkdtemp(join(parent, 'millrace-bench-'))
    const started: BenchCluster[] = []
    try {
      const source = await startCluster(join(directory, 'source'))
      started.push(source)
      return new Clusters(directory, source, await startCluster(join(directory, 'target')))
    } catch (error) {
      for (const { broker } of started) await broker.stop()
      await rm(directory, { recursive: true, force: true })
      throw error
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.source.broker.stop(), this.target.broker.stop()])
    await rm(this.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

async function startCluster(directory: string): Promise<BenchCluster> {
  await mkdir(directory)
  const broker = await startKafka({ version: KAFKA_VERSION, configs: CONFIGS, directory })
  return { broker, bootstrapServers: broker.bootstrapServers, logDirectory: join(directory, 'log') }
}
