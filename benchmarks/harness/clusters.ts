import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../test/helpers/free-port.ts'
import { startKafka, type KafkaBroker } from '../../test/kafka/start-kafka.ts'
import type { KafkaVersion } from '../../test/kafka/versions.ts'
import { startLink, type Link } from './start-link.ts'

export const KAFKA_VERSION: KafkaVersion = '3.9.1'

const CONFIGS = {
  // The target's topics come and go with every run: their files shall not pile up.
  'log.segment.delete.delay.ms': '1000'
}

/** As the JVM comes: what is measured runs for minutes. */
const JVM_ARGS: readonly string[] = []

export interface BenchCluster {
  readonly broker: KafkaBroker
  readonly bootstrapServers: string
  /** Where the broker keeps its topics. */
  readonly logDirectory: string
  /** The only way to it, open at first. */
  readonly link?: Link
}

export type Side = 'source' | 'target'

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

  /** In a new directory below `parent`; the brokers write gigabytes into it. One side may be behind a link. */
  static async start(parent = tmpdir(), far?: Side): Promise<Clusters> {
    const directory = await mkdtemp(join(parent, 'millrace-bench-'))
    const started: BenchCluster[] = []
    try {
      for (const side of ['source', 'target'] as const) {
        started.push(await (far === side ? startFarCluster : startCluster)(join(directory, side)))
      }
      const [source, target] = started as [BenchCluster, BenchCluster]
      return new Clusters(directory, source, target)
    } catch (error) {
      for (const cluster of started) await stopCluster(cluster)
      await rm(directory, { recursive: true, force: true })
      throw error
    }
  }

  async stop(): Promise<void> {
    await Promise.all([stopCluster(this.source), stopCluster(this.target)])
    await rm(this.directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

async function startCluster(directory: string): Promise<BenchCluster> {
  await mkdir(directory)
  const broker = await startKafka({ version: KAFKA_VERSION, configs: CONFIGS, jvmArgs: JVM_ARGS, directory })
  return { broker, bootstrapServers: broker.bootstrapServers, logDirectory: join(directory, 'log') }
}

/** A broker that tells its clients to come over a link. */
async function startFarCluster(directory: string): Promise<BenchCluster> {
  await mkdir(directory)
  const port = await freePort()
  const link = await startLink(directory, port)
  const advertised = `127.0.0.1:${link.port}`
  try {
    const broker = await startKafka({
      version: KAFKA_VERSION,
      configs: CONFIGS,
      jvmArgs: JVM_ARGS,
      directory,
      port,
      advertised
    })
    return { broker, bootstrapServers: advertised, logDirectory: join(directory, 'log'), link }
  } catch (error) {
    await link.stop()
    throw error
  }
}

async function stopCluster({ broker, link }: BenchCluster): Promise<void> {
  await broker.stop()
  await link?.stop()
}
