import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { onceInCache } from '../helpers/once-in-cache.ts'
import { runSuccessfully } from '../helpers/run-command.ts'
import { kafkaTraits, type KafkaVersion } from './versions.ts'

const DOWNLOAD_TIMEOUT_MS = 600_000

export interface KafkaInstallation {
  readonly classpath: string
  /** A formatted KRaft log directory without `meta.properties`; formatting takes a JVM start, so it is done once. */
  readonly formatted: string
}

/** Apache Kafka as Maven has it, in the test cache. Downloads at the first call on a machine. */
export async function installKafka(version: KafkaVersion): Promise<KafkaInstallation> {
  const directory = await onceInCache(`kafka-${version}`, async (temporary) => {
    await download(version, temporary)
    if (!kafkaTraits(version).zooKeeper) await format(temporary)
  })
  return { classpath: join(directory, 'libs', '*'), formatted: join(directory, 'formatted') }
}

async function download(version: KafkaVersion, directory: string): Promise<void> {
  await writeFile(join(directory, 'pom.xml'), pom(version))
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs']
  await runSuccessfully('mvn', ['--batch-mode', '--quiet', ...goal], {
    cwd: directory,
    timeoutMs: DOWNLOAD_TIMEOUT_MS
  })
  const jars = await readdir(join(directory, 'libs'))
  if (!jars.includes(`kafka_2.13-${version}.jar`)) throw new Error(`Maven fetched no broker: ${jars.join(', ')}`)
}

async function format(directory: string): Promise<void> {
  const formatted = join(directory, 'formatted')
  await mkdir(formatted)
  const settings = join(directory, 'format.properties')
  await writeFile(
    settings,
    [
      'process.roles=broker,controller',
      'node.id=1',
      'controller.quorum.voters=1@127.0.0.1:9093',
      'listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
      'controller.listener.names=CONTROLLER',
      `log.dirs=${formatted}`
    ].join('\n')
  )
  await formatStorage(join(directory, 'libs', '*'), settings, randomClusterId())
  // Every broker gets a cluster id and a directory id of its own.
  await rm(join(formatted, 'meta.properties'))
}

export async function formatStorage(
  classpath: string,
  settings: string,
  clusterId: string,
  extra: readonly string[] = []
): Promise<void> {
  const jvm = ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', classpath]
  await runSuccessfully('java', [
    ...jvm,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId,
    '-c',
    settings,
    ...extra
  ])
}

/** Kafka's `Uuid`: 16 bytes, base64url without padding; a leading dash would be taken for an option. */
export function randomClusterId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url')
    if (!id.startsWith('-')) return id
  }
}

function pom(version: KafkaVersion): string {
  const artifacts = [
    `org.apache.kafka:kafka_2.13:${version}`,
    `org.apache.kafka:kafka-tools:${version}`,
    kafkaTraits(version).logBinding
  ]
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace.test</groupId>
  <artifactId>kafka-${version}</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>${artifacts.map(dependency).join('')}
  </dependencies>
</project>
`
}

/** Kafka 2.7 brings log4j 1.2 and its binding, which would hide ours. */
function dependency(coordinates: string): string {
  const [groupId, artifactId, version] = coordinates.split(':')
  return `
    <dependency>
      <groupId>${groupId}</groupId>
      <artifactId>${artifactId}</artifactId>
      <version>${version}</version>
      <exclusions>
        <exclusion><groupId>log4j</groupId><artifactId>log4j</artifactId></exclusion>
        <exclusion><groupId>org.slf4j</groupId><artifactId>slf4j-log4j12</artifactId></exclusion>
      </exclusions>
    </dependency>`
}
