import rdkafka from 'node-rdkafka'
import { createAdmin, createConsumer, createProducer } from '../../src/client/create-clients.ts'
import type { ClusterSettings } from '../../src/client/settings.ts'
import { startKafka } from '../kafka/start-kafka.ts'
import type { ContractCluster, TextHeaders } from './contract-cluster.ts'

const WAIT_MS = 20_000

export function clusterSettings(bootstrapServers: string): ClusterSettings {
  return {
    cluster: 'source',
    bootstrapServers,
    clientId: 'contract',
    security: { protocol: 'PLAINTEXT', verifyHostname: true },
    properties: {},
    connectTimeoutMs: 10_000
  }
}

/** A mock cluster in this process: topics appear with four partitions when somebody asks for them. */
export async function startMockCluster(): Promise<ContractCluster> {
  const mock = await startMock()
  const createTopic = async (topic: string): Promise<void> => mock.createTopic(topic)
  return { ...clientsOf(mock.bootstrapServers), createTopic, stop: async () => mock.stop() }
}

/** A broker of Apache Kafka. */
export async function startBrokerCluster(): Promise<ContractCluster> {
  const broker = await startKafka({ version: '3.9.1' })
  const settings = clusterSettings(broker.bootstrapServers)
  const admin = await createAdmin(settings)
  return {
    ...clientsOf(broker.bootstrapServers),
    createTopic: async (topic, partitions) =>
      admin.createTopics([{ topic, partitions, replicationFactor: 1, configs: {} }]),
    async stop() {
      await admin.close()
      await broker.stop()
    }
  }
}

export interface MockCluster {
  readonly bootstrapServers: string
  createTopic(topic: string): Promise<void>
  stop(): Promise<void>
}

/** Plain node-rdkafka, so that what checks us is not us. */
export async function startMock(): Promise<MockCluster> {
  const owner = new rdkafka.Producer({ 'test.mock.num.brokers': 1, 'bootstrap.servers': 'mock' } as object)
  await connected(owner)
  const { brokers } = await metadata(owner)
  return {
    bootstrapServers: brokers.map(({ host, port }) => `${host}:${port}`).join(','),
    createTopic: async (topic) => void (await metadata(owner, topic)),
    stop: async () => disconnected(owner)
  }
}

function clientsOf(bootstrapServers: string): Omit<ContractCluster, 'createTopic' | 'stop'> {
  const settings = clusterSettings(bootstrapServers)
  return {
    append: async (topic, partition, values, headers = []) =>
      append(bootstrapServers, topic, partition, values, headers),
    read: async (topic, partition) => read(bootstrapServers, topic, partition),
    consumer: async (groupId) =>
      createConsumer({ ...settings, groupId, queuedMaxKbytes: 16_384, fetchMaxBytes: 4_000_000 }),
    producer: async () => createProducer({ ...settings, queueMaxMessages: 100_000, queueMaxKbytes: 65_536 }),
    admin: async (groupId) => createAdmin(groupId === undefined ? settings : { ...settings, groupId })
  }
}

async function append(
  bootstrap: string,
  topic: string,
  partition: number,
  values: readonly string[],
  headers: TextHeaders
): Promise<void> {
  const producer = new rdkafka.Producer({ 'bootstrap.servers': bootstrap, 'enable.idempotence': true })
  await connected(producer)
  const each = headers.map(([name, value]) => ({ [name]: value }))
  for (const value of values) producer.produce(topic, partition, Buffer.from(value), null, Date.now(), undefined, each)
  await new Promise<void>((resolve, reject) => {
    producer.flush(WAIT_MS, (error) => (error ? reject(new Error(error.message)) : resolve()))
  })
  await disconnected(producer)
}

async function read(bootstrap: string, topic: string, partition: number): Promise<string[]> {
  const consumer = new rdkafka.KafkaConsumer(
    { 'bootstrap.servers': bootstrap, 'group.id': 'check', 'enable.partition.eof': true, 'enable.auto.commit': false },
    { 'auto.offset.reset': 'earliest' }
  )
  await connected(consumer)
  // A consumer can't be disconnected while it waits for records.
  consumer.setDefaultConsumeTimeout(50)
  const values: string[] = []
  const end = new Promise<void>((resolve) => consumer.once('partition.eof', () => resolve()))
  consumer.on('data', ({ value }) => values.push(value?.toString() ?? ''))
  consumer.assign([{ topic, partition, offset: 0 }])
  consumer.consume()
  await end
  await disconnected(consumer)
  return values
}

type Client = rdkafka.Producer | rdkafka.KafkaConsumer

async function connected(client: Client): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    client.connect({ timeout: WAIT_MS, allTopics: false }, (error) =>
      error ? reject(new Error(error.message)) : resolve()
    )
  })
}

async function disconnected(client: Client): Promise<void> {
  await new Promise<void>((resolve) => {
    ;(client as rdkafka.KafkaConsumer).disconnect(() => resolve())
  })
}

async function metadata(client: Client, topic?: string): Promise<rdkafka.Metadata> {
  const options = { timeout: WAIT_MS, allTopics: false, ...(topic === undefined ? {} : { topic }) }
  return new Promise((resolve, reject) => {
    client.getMetadata(options, (error, data) => (error ? reject(new Error(error.message)) : resolve(data)))
  })
}
