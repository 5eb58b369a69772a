import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../helpers/free-port.ts'
import { brokerProperties, zooKeeperProperties, ZOOKEEPER_SESSION_MS } from './broker-properties.ts'
import type { Certificates } from './certificates.ts'
import { formatStorage, installKafka, randomClusterId, type KafkaInstallation } from './install-kafka.ts'
import { startJava, type JavaProcess } from './java-process.ts'
import { quickStart } from './quick-start.ts'
import { prepareSecurity, type Security, type SecurityOptions, type User } from './security.ts'
import { kafkaTraits, type KafkaVersion } from './versions.ts'

const START_DEADLINE_MS = 60_000
const STOP_DEADLINE_MS = 10_000
const STARTED = /Kafka Server started|\[KafkaServer id=\d+\] started/
const ZOOKEEPER_STARTED = /binding to port/

export interface KafkaOptions {
  readonly version: KafkaVersion
  /** Of the client listener; a free one unless given. */
  readonly port?: number
  /** Server properties on top of ours. */
  readonly configs?: Record<string, string>
  readonly heapMb?: number
  /** Instead of what makes it start soon and run slower. */
  readonly jvmArgs?: readonly string[]
  readonly security?: SecurityOptions
  /** `host:port` that the broker tells its clients: a proxy in front of it. */
  readonly advertised?: string
  /** Makes it the second broker of this one's cluster, which must be open and of the same version (3.9.1 or 4.1.0). */
  readonly joins?: KafkaBroker
  /** Makes it one of several brokers that are controllers as well; they wait for each other (start-cluster.ts). */
  readonly seat?: ClusterSeat
  /** Where data and log are kept; a temporary directory unless given. Removed by `stop()` in either case. */
  readonly directory?: string
}

export interface ClusterSeat {
  readonly nodeId: number
  readonly clusterId: string
  readonly quorumPort: number
  readonly voters: string
}

export interface KafkaBroker extends AsyncDisposable {
  readonly version: KafkaVersion
  readonly port: number
  readonly bootstrapServers: string
  /** Without security and proxy, for the checker. The same as `bootstrapServers` for an open broker. */
  readonly plainBootstrapServers: string
  readonly pid: number
  readonly logFile: string
  readonly certificates: Certificates | undefined
  readonly users: readonly User[]
  /** For a second broker to join. */
  readonly clusterId: string
  readonly quorumPort: number
  /** Ends the broker for good and removes its data. SIGKILL at the deadline, 10 s unless given. */
  stop(deadlineMs?: number): Promise<void>
  /** Sends a signal to the JVM; returns once it has ended where the signal ends it. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Ends the broker with SIGTERM if it runs, and starts it on the same port and data. */
  restart(): Promise<void>
  /** User and system time of the broker's JVM so far. */
  cpuSeconds(): number
}

/** Starts Apache Kafka on 127.0.0.1, a single node unless it `joins`, that ends with this process at the latest. */
export async function startKafka(options: KafkaOptions): Promise<KafkaBroker> {
  if (options.security && kafkaTraits(options.version).zooKeeper) {
    throw new Error(
      `Kafka ${options.version} is started without security only: no PEM without password, no SCRAM at format`
    )
  }
  const installation = await installKafka(options.version)
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), `millrace-kafka-${options.version}-`)))
  try {
    await mkdir(directory, { recursive: true })
    return await startIn(directory, installation, options)
  } catch (error) {
    await removeDirectory(directory)
    throw error
  }
}

async function startIn(directory: string, kafka: KafkaInstallation, options: KafkaOptions): Promise<KafkaBroker> {
  const { version, joins, seat } = options
  const jvmArgs =
    options.jvmArgs ?? (await quickStart(version, async (given) => await startKafka({ version, jvmArgs: given })))
  const nodeId = seat?.nodeId ?? (joins ? 2 : 1)
  const clusterId = seat?.clusterId ?? joins?.clusterId ?? randomClusterId()
  const security = options.security && (await prepareSecurity(options.security, directory))
  const client = options.port ?? (await freePort())
  const ports = {
    client,
    // Who goes through the proxy is the one who is tested; brokers and checker talk past it.
    plain: security || options.advertised !== undefined ? await freePort() : client,
    quorum: seat?.quorumPort ?? joins?.quorumPort ?? (await freePort())
  }
  const logDirectory = join(directory, 'log')
  const settings = join(directory, 'server.properties')
  const logFile = join(directory, 'broker.out')
  await writeFile(
    settings,
    brokerProperties({
      nodeId,
      ...(seat && { voters: seat.voters }),
      version,
      ports,
      protocol: options.security?.protocol ?? 'PLAINTEXT',
      logDirectory,
      advertised: options.advertised ?? `127.0.0.1:${client}`,
      overrides: { ...security?.properties, ...options.configs }
    })
  )

  const launch = (mainClass: string, file: string, log: string, heapMb: number): Promise<JavaProcess> =>
    startJava({
      name: `Kafka ${version}`,
      jvmArgs: [`-Xmx${heapMb}m`, '-XX:+ExitOnOutOfMemoryError', ...logSettings(version), ...jvmArgs],
      classpath: kafka.classpath,
      mainClass,
      args: [file],
      directory,
      log
    })

  let zooKeeper: JavaProcess | undefined
  if (kafkaTraits(version).zooKeeper) {
    const file = join(directory, 'zookeeper.properties')
    await writeFile(file, zooKeeperProperties(ports.quorum, join(directory, 'zookeeper')))
    const main = 'org.apache.zookeeper.server.quorum.QuorumPeerMain'
    zooKeeper = await launch(main, file, join(directory, 'zookeeper.out'), 128)
    await zooKeeper.logged(ZOOKEEPER_STARTED, START_DEADLINE_MS)
  } else {
    await formatLogDirectory(kafka, { logDirectory, settings, nodeId, clusterId, security })
  }

  const startBroker = async (): Promise<JavaProcess> => {
    const started = await launch('kafka.Kafka', settings, logFile, options.heapMb ?? 512)
    try {
      await started.logged(STARTED, START_DEADLINE_MS)
    } catch (error) {
      await started.end(0)
      throw error
    }
    return started
  }

  let broker: JavaProcess
  try {
    broker = await startBroker()
  } catch (error) {
    await zooKeeper?.end(0)
    throw error
  }
  let killed = false

  const stop = async (deadlineMs = STOP_DEADLINE_MS): Promise<void> => {
    await broker.end(deadlineMs)
    await zooKeeper?.end(0)
    await removeDirectory(directory)
  }

  return {
    version,
    port: client,
    bootstrapServers: options.advertised ?? `127.0.0.1:${client}`,
    plainBootstrapServers: `127.0.0.1:${ports.plain}`,
    logFile,
    certificates: security?.certificates,
    users: security?.users ?? [],
    clusterId,
    quorumPort: ports.quorum,
    get pid() {
      return broker.pid
    },
    stop,
    [Symbol.asyncDispose]: async () => stop(),
    async kill(signal) {
      broker.kill(signal)
      if (signal === 'SIGKILL') {
        killed = true
        await broker.end(0)
      } else if (signal === 'SIGTERM') {
        await broker.end(STOP_DEADLINE_MS)
      }
    },
    async restart() {
      await broker.end(STOP_DEADLINE_MS)
      // ZooKeeper keeps the registration of a broker that was killed until its session ends, and refuses a second one.
      if (zooKeeper && killed) await sleep(ZOOKEEPER_SESSION_MS + 1000)
      killed = false
      broker = await startBroker()
    },
    cpuSeconds: () => broker.cpuSeconds()
  }
}

interface NewNode {
  readonly logDirectory: string
  readonly settings: string
  readonly nodeId: number
  readonly clusterId: string
  readonly security: Security | undefined
}

async function formatLogDirectory(kafka: KafkaInstallation, node: NewNode): Promise<void> {
  const { logDirectory, settings, nodeId, clusterId, security } = node
  if (security && security.formatArgs.length > 0) {
    await formatStorage(kafka.classpath, settings, clusterId, security.formatArgs)
    return
  }
  await cp(kafka.formatted, logDirectory, { recursive: true })
  const directoryId = randomClusterId()
  const identity = ['version=1', `node.id=${nodeId}`, `cluster.id=${clusterId}`, `directory.id=${directoryId}`]
  await writeFile(join(logDirectory, 'meta.properties'), identity.join('\n') + '\n')
}

function logSettings(version: KafkaVersion): string[] {
  const { logSettings: option } = kafkaTraits(version)
  const file = option.includes('log4j2') ? 'log4j2.properties' : 'log4j.properties'
  return [option + fileURLToPath(new URL(file, import.meta.url))]
}

function removeDirectory(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
