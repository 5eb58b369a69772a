export const KAFKA_VERSIONS = ['2.7.2', '3.9.1', '4.1.0'] as const

export type KafkaVersion = (typeof KAFKA_VERSIONS)[number]

export interface KafkaTraits {
  /** ZooKeeper keeps the metadata; otherwise one process is broker and KRaft controller. */
  readonly zooKeeper: boolean
  /** What connects SLF4J to the log, `groupId:artifactId:version`; the broker's own artifacts leave the choice open. */
  readonly logBinding: string
  readonly logSettings: string
}

const RELOAD4J = { logBinding: 'org.slf4j:slf4j-reload4j:1.7.36', logSettings: '-Dlog4j.configuration=file:' }

const TRAITS: Record<KafkaVersion, KafkaTraits> = {
  '2.7.2': { zooKeeper: true, ...RELOAD4J },
  '3.9.1': { zooKeeper: false, ...RELOAD4J },
  '4.1.0': {
    zooKeeper: false,
    logBinding: 'org.apache.logging.log4j:log4j-slf4j-impl:2.24.3',
    logSettings: '-Dlog4j2.configurationFile='
  }
}

export function kafkaTraits(version: KafkaVersion): KafkaTraits {
  return TRAITS[version]
}
