import { ReadBytes, array, int16, int32, int8, string } from './kafka-bytes.ts'

const NONE = 0
const INVALID_PARTITIONS = 37
const TOPIC_EXISTS = 36
const DEFAULT_CONFIG = 5

/** What an embedded cluster does, in the names that topics and brokers have for it. */
const TOPIC_CONFIGS: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'compression.type': 'producer',
  'max.message.bytes': '1048588',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.difference.max.ms': '9223372036854775807',
  'message.timestamp.before.max.ms': '9223372036854775807',
  'message.timestamp.after.max.ms': '9223372036854775807',
  'min.insync.replicas': '1',
  'retention.bytes': '5242880',
  'retention.ms': '-1'
}
const BROKER_CONFIGS: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'true',
  'default.replication.factor': '1',
  'message.max.bytes': '1048588',
  'num.partitions': '4'
}
const TOPIC = 2

/** The request from its header on. */
function bodyOf(request: Buffer): ReadBytes {
  const read = new ReadBytes(request, 8)
  read.string()
  return read
}

/** DescribeConfigs 1. */
export function answerDescribeConfigs(request: Buffer): Buffer {
  const read = bodyOf(request)
  const results: Buffer[] = []
  for (let count = read.length(); count > 0; count--) {
    const type = read.int8()
    const name = read.string()
    for (let names = read.length(); names > 0; names--) read.string()
    const configs = Object.entries(type === TOPIC ? TOPIC_CONFIGS : BROKER_CONFIGS).map(([key, value]) =>
      Buffer.concat([string(key), string(value), int8(0), int8(DEFAULT_CONFIG), int8(0), array([])])
    )
    results.push(Buffer.concat([int16(NONE), string(null), int8(type), string(name), array(configs)]))
  }
  return Buffer.concat([int32(request.readInt32BE(4)), int32(0), array(results)])
}

/** CreateTopics 2 to 4. @param create makes a topic; false = it is there already */
export async function answerCreateTopics(
  request: Buffer,
  partitionsOfAll: number,
  create: (topic: string) => Promise<boolean>
): Promise<Buffer> {
  const read = bodyOf(request)
  const results: Buffer[] = []
  for (let count = read.length(); count > 0; count--) {
    const topic = read.string()
    const partitions = read.int32()
    read.int16()
    for (let assignments = read.length(); assignments > 0; assignments--) {
      read.int32()
      for (let brokers = read.length(); brokers > 0; brokers--) read.int32()
    }
    for (let configs = read.length(); configs > 0; configs--) {
      read.string()
      read.string()
    }
    const isPossible = partitions === partitionsOfAll || partitions === -1
    const made = isPossible && (await create(topic))
    const code = !isPossible ? INVALID_PARTITIONS : made ? NONE : TOPIC_EXISTS
    const text = isPossible ? null : `every topic of the embedded cluster has ${partitionsOfAll} partitions`
    results.push(Buffer.concat([string(topic), int16(code), string(text)]))
  }
  return Buffer.concat([int32(request.readInt32BE(4)), int32(0), array(results)])
}
