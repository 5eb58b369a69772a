import { afterAll, beforeAll, expect, it } from 'vitest'
import { createConsumer, createProducer } from '../../src/client/create-clients.ts'
import type { BatchConsumer, BatchProducer, ClientEvent } from '../../src/client/types.ts'
import { createTopic, readRecords, writeRecords, type Cluster } from '../helpers/checker.ts'
import { describeWithBrokers } from '../helpers/describe-with-brokers.ts'
import { startKafka, type KafkaBroker } from '../kafka/start-kafka.ts'
import { clusterSettings } from './librdkafka-cluster.ts'
import { pollOneBatch } from './poll-until.ts'

// A record that the target refuses for good: nothing of its partition may overtake it.

describeWithBrokers('a record over the limit of the target', () => {
  let broker: KafkaBroker
  let cluster: Cluster
  let consumer: BatchConsumer
  let producer: BatchProducer

  const newProducer = async (): Promise<BatchProducer> =>
    createProducer({ ...clusterSettings(broker.bootstrapServers), queueMaxMessages: 10_000, queueMaxKbytes: 65_536 })

  beforeAll(async () => {
    broker = await startKafka({ version: '3.9.1' })
    cluster = { bootstrap: broker.bootstrapServers }
    await createTopic(cluster, 'source', 1)
    await createTopic(cluster, 'target', 2, { 'max.message.bytes': '2000' })
    const explicit = [10, 10, 50_000, 10, 10].map((size) => ({ value: 'ab'.repeat(size) }))
    await writeRecords({ ...cluster, topic: 'source', kind: 'explicit', explicit })
    const group = { groupId: 'g', queuedMaxKbytes: 4_096, fetchMaxBytes: 1_000_000 }
    consumer = await createConsumer({ ...clusterSettings(broker.bootstrapServers), ...group })
    producer = await newProducer()
  })
  afterAll(async () => {
    await producer?.close(1_000)
    await consumer?.close()
    await broker?.stop()
  })

  it('holds back its followers, in this send and the next, and makes the client useless', async () => {
    const events: ClientEvent[] = []
    producer.events.subscribe((event) => events.push(event))
    const from = { topic: 'source', partition: 0, offset: 0 }
    consumer.assign([from])
    const whole = await pollOneBatch(consumer, from, 5)
    const before = whole.payload.take(0, 2)
    const large = whole.payload.take(2, 3)
    if (before === undefined || large === undefined) throw new Error('no part')
    const at = { topic: 'target', partition: 0, lane: 1 }
    expect(await producer.send(before, at)).toMatchObject({ delivered: 2 })
    const follower = whole.payload.take(3, 4)
    if (follower === undefined) throw new Error('no part')
    const sent = await Promise.all([producer.send(large, at), producer.send(follower, at)])
    expect(sent[0].failure).toMatchObject({ kind: 'refused', name: 'MSG_SIZE_TOO_LARGE', offset: 2, count: 1 })
    // It may have shared the message set of the large one, which the broker refuses as a whole.
    expect(sent[1]).toMatchObject({ delivered: 0, failure: { offset: 3, count: 1 } })
    const last = await producer.send(whole.payload, { ...at, partition: 1 })
    expect(last).toMatchObject({ delivered: 0, failure: { offset: 4, count: 1 } })
    expect(last.failure?.kind).toMatch(/purged|blocked/)
    await expect.poll(() => events.some((event) => event.type === 'error' && event.fatal)).toBe(true)
    expect((await readRecords(cluster, 'target')).map(({ value }) => value?.length)).toEqual([20, 20])
  })

  it('a producer made anew goes on behind it', async () => {
    await producer.close(1_000)
    producer = await newProducer()
    const from = { topic: 'source', partition: 0, offset: 3 }
    await consumer.seek(from, 5_000)
    const rest = await pollOneBatch(consumer, from, 2)
    expect(await producer.send(rest.payload, { topic: 'target', partition: 0, lane: 1 })).toMatchObject({
      delivered: 2
    })
    expect(await readRecords(cluster, 'target')).toHaveLength(4)
  })
})
