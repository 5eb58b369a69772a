import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { versionOf } from '../harness/is-installed.ts'
import { PARTITIONS, type Codec } from '../harness/shapes.ts'
import { millraceClientProperties, type Properties } from './client-properties.ts'
import type { Peer } from './peer.ts'

const PROGRAM = fileURLToPath(new URL('kcat/pipes.sh', import.meta.url))
/** Ends each record in the pipe. Long and odd enough for random values; records that hold it would be cut in two, and the check would tell. */
const DELIMITER = String.raw`\xf5\xc1\xfe\x9d\xf9\xc0\xfb\xd6`
/** Those of ours that the older librdkafka of distributions' kcat has. */
const CONSUMER = ['socket.nagle.disable', 'fetch.wait.max.ms', 'max.partition.fetch.bytes', 'isolation.level']
const PRODUCER = ['socket.nagle.disable', 'linger.ms', 'batch.size', 'batch.num.messages', 'compression.type', 'acks']
const IDEMPOTENCE = ['enable.idempotence', 'enable.gapless.guarantee', 'message.timeout.ms']
/** Shared among the processes. */
const DIVIDED = ['queued.max.messages.kbytes', 'queued.min.messages']
const DIVIDED_PRODUCER = ['queue.buffering.max.messages', 'queue.buffering.max.kbytes']

/** What one types without a mirror at hand. */
export function kcat(): Peer {
  return {
    name: 'kcat',
    title:
      'kcat into kcat, a pipe for each partition; loses timestamps and headers, which its copies are not compared for',
    losesTimestamps: true,
    missing: async () => ((await versionOf('kcat', ['-V'])) === undefined ? 'there is no kcat' : undefined),
    prepare: async () => ({ kcat: (await versionOf('kcat', ['-V'])) ?? 'unknown' }),
    settings: (shape) => ({
      ...prefixed('source', properties(shape.codec).consumer),
      ...prefixed('target', properties(shape.codec).producer)
    }),
    async command({ shape, partitions, source, target, sourceTopic, targetTopic, directory }) {
      const { consumer, producer } = properties(shape.codec)
      const files = [join(directory, 'consumer.conf'), join(directory, 'producer.conf')] as const
      await writeFile(files[0], configurationFile({ ...consumer, 'bootstrap.servers': source }))
      await writeFile(files[1], configurationFile({ ...producer, 'bootstrap.servers': target }))
      return { command: PROGRAM, args: [String(partitions), sourceTopic, targetTopic, ...files, DELIMITER] }
    }
  }
}

function properties(codec: Codec) {
  const { consumer, producer } = millraceClientProperties({ codec })
  return {
    consumer: { ...chosen(consumer, CONSUMER), ...divided(consumer, DIVIDED) },
    producer: { ...chosen(producer, [...PRODUCER, ...IDEMPOTENCE]), ...divided(producer, DIVIDED_PRODUCER) }
  }
}

function chosen(all: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}

function divided(all: Properties, names: readonly string[]): Properties {
  const whole = Object.entries(chosen(all, names))
  return Object.fromEntries(whole.map(([name, value]) => [name, Math.ceil(Number(value) / PARTITIONS)]))
}

function prefixed(prefix: string, all: Properties): Properties {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [`${prefix}.${name}`, value]))
}

function configurationFile(all: Properties): string {
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
