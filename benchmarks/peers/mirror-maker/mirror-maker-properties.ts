import type { Properties } from '../client-properties.ts'

export interface MirrorMakerSettings {
  /** With the best tuning that was found, or as it comes. */
  readonly tuned: boolean
  readonly tasksMax: number
  readonly codec: string
}

export interface MirrorMakerRoute {
  /** Names of its clusters, part of the names of its own topics: with others it starts from nothing. */
  readonly sourceAlias: string
  readonly targetAlias: string
  readonly source: string
  readonly target: string
  readonly topic: string
}

/** One broker each, and nothing but the one direction. */
const TO_RUN_AT_ALL = {
  'replication.factor': 1,
  'checkpoints.topic.replication.factor': 1,
  'heartbeats.topic.replication.factor': 1,
  'offset-syncs.topic.replication.factor': 1,
  'offset.storage.replication.factor': 1,
  'status.storage.replication.factor': 1,
  'config.storage.replication.factor': 1,
  'sync.topic.acls.enabled': false,
  'emit.heartbeats.enabled': false
}

const TUNED = { 'emit.checkpoints.enabled': false, 'offset-syncs.topic.location': 'target' }

const TUNED_CONSUMER = {
  'max.poll.records': 20_000,
  'fetch.max.bytes': 104_857_600,
  'max.partition.fetch.bytes': 10_485_760,
  'fetch.min.bytes': 1_048_576,
  'fetch.max.wait.ms': 100,
  'receive.buffer.bytes': 8_388_608
}

const TUNED_PRODUCER = {
  'max.in.flight.requests.per.connection': 5,
  'batch.size': 524_288,
  'linger.ms': 20,
  'buffer.memory': 268_435_456,
  'max.request.size': 10_485_760,
  'send.buffer.bytes': 8_388_608
}

const TUNED_WORKER = { 'offset.flush.interval.ms': 10_000, 'offset.flush.timeout.ms': 60_000 }

/** Everything but where from and where to. Same acks, idempotence and codec as all peers; they are no tuning. */
export function mirrorMakerSettings({ tuned, tasksMax, codec }: MirrorMakerSettings): Properties {
  const guarantees = { acks: 'all', 'enable.idempotence': true, 'compression.type': codec }
  return {
    ...TO_RUN_AT_ALL,
    'tasks.max': tasksMax,
    ...prefixed('target.producer', guarantees),
    ...(tuned && {
      ...TUNED,
      ...prefixed('source.consumer', TUNED_CONSUMER),
      ...prefixed('target.producer', TUNED_PRODUCER),
      ...prefixed('target', TUNED_WORKER)
    })
  }
}

/** The file that MirrorMaker is started with. */
export function mirrorMakerFile(settings: MirrorMakerSettings, route: MirrorMakerRoute): string {
  const { sourceAlias, targetAlias, source, target, topic } = route
  const direction = `${sourceAlias}->${targetAlias}`
  const named = Object.entries(mirrorMakerSettings(settings)).map(
    ([name, value]) =>
      [name.replace(/^source\./, `${sourceAlias}.`).replace(/^target\./, `${targetAlias}.`), value] as const
  )
  const properties = {
    clusters: `${sourceAlias}, ${targetAlias}`,
    [`${sourceAlias}.bootstrap.servers`]: source,
    [`${targetAlias}.bootstrap.servers`]: target,
    [`${direction}.enabled`]: true,
    [`${direction}.topics`]: topic,
    ...Object.fromEntries(named)
  }
  return `${Object.entries(properties)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n')}\n`
}

function prefixed(prefix: string, properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [`${prefix}.${name}`, value]))
}
