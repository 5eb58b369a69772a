import { consumerConfiguration, producerConfiguration } from '../../src/client/client-configuration.ts'
import type { ConsumerSettings, ProducerSettings } from '../../src/client/settings.ts'
import { divideMemory, fetchMaxBytes } from '../../src/control/divide-memory.ts'
import { FindingList } from '../../src/control/finding-list.ts'
import { limitsOptions } from '../../src/job/options.ts'
import { RECORD_OVERHEAD_BYTES } from '../../src/model/batch.ts'
import type { Shape } from '../harness/shapes.ts'

export type Properties = Readonly<Record<string, string | number | boolean>>

export interface ClientProperties {
  readonly consumer: Properties
  readonly producer: Properties
  /** What may be between the two. */
  readonly inFlightBytes: number
  readonly recordOverheadBytes: number
}

/** A topic's max.message.bytes unless it says otherwise. */
const LARGEST_MESSAGE = 1_048_588
/** As the worker has it: room in the producer's queue beyond what is in flight. */
const QUEUE_MARGIN_BYTES = 8 * 1024 * 1024

export interface MillraceSettings {
  readonly source: ConsumerSettings
  readonly target: ProducerSettings
  readonly inFlightBytes: number
}

/** What millrace makes its clients from with its defaults, from the same code; brokers are to be filled in. */
export function millraceSettings({ codec }: Pick<Shape, 'codec'>): MillraceSettings {
  const memory = divideMemory(
    { total: limitsOptions.memory.default, workers: 1, sourceBrokers: 1, largestMessage: LARGEST_MESSAGE },
    new FindingList()
  )
  const security = { protocol: 'PLAINTEXT', verifyHostname: true } as const
  const common = { bootstrapServers: '', security, clientId: 'bench' }
  const queueBytes = memory.inFlight + QUEUE_MARGIN_BYTES
  return {
    source: {
      ...common,
      cluster: 'source',
      properties: {},
      groupId: 'bench',
      queuedMaxKbytes: Math.floor(memory.consumerQueue / 1024),
      fetchMaxBytes: fetchMaxBytes(memory, 1)
    },
    target: {
      ...common,
      cluster: 'target',
      properties: { 'compression.type': codec },
      queueMaxMessages: Math.ceil(queueBytes / RECORD_OVERHEAD_BYTES),
      queueMaxKbytes: Math.ceil(queueBytes / 1024)
    },
    inFlightBytes: memory.inFlight
  }
}

/** The same as librdkafka's properties: controls get all of it, so that the difference is the work around it. */
export function millraceClientProperties(shape: Pick<Shape, 'codec'>): ClientProperties {
  const { source, target, inFlightBytes } = millraceSettings(shape)
  return {
    consumer: withoutServers(consumerConfiguration(source)),
    producer: withoutServers(producerConfiguration(target)),
    inFlightBytes,
    recordOverheadBytes: RECORD_OVERHEAD_BYTES
  }
}

/** Every peer is told the brokers of its run itself; a result page shall not name them. */
function withoutServers(configuration: Properties): Properties {
  return Object.fromEntries(Object.entries(configuration).filter(([name]) => name !== 'bootstrap.servers'))
}

/** Both sides in one list: `source.NAME`, `target.NAME`. */
export function bothSides({ consumer, producer }: ClientProperties): Properties {
  const named = (prefix: string, properties: Properties) =>
    Object.entries(properties).map(([name, value]) => [`${prefix}.${name}`, value] as const)
  return Object.fromEntries([...named('source', consumer), ...named('target', producer)])
}
