import { FakeAdmin } from '../client/fake-admin.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'
import { FakeProducer } from '../client/fake-producer.ts'
import type { ContractCluster } from './contract-cluster.ts'

export async function startInMemoryCluster(): Promise<ContractCluster> {
  const cluster = new FakeCluster()
  return Promise.resolve({
    createTopic: async (topic, partitions) => Promise.resolve(cluster.createTopic(topic, partitions)),
    append: async (topic, partition, values, headers = []) => {
      const bytes = headers.map(([name, value]) => ({ name: Buffer.from(name), value: Buffer.from(value) }))
      cluster.append(topic, partition, ...values.map((value) => ({ value, headers: bytes })))
      return Promise.resolve()
    },
    read: async (topic, partition) =>
      Promise.resolve(cluster.records(topic, partition).map(({ value }) => Buffer.from(value ?? '').toString())),
    consumer: async (groupId) => Promise.resolve(new FakeConsumer(cluster, groupId)),
    producer: async () => Promise.resolve(new FakeProducer(cluster)),
    admin: async () => Promise.resolve(new FakeAdmin(cluster, 'source')),
    stop: async () => Promise.resolve()
  })
}
