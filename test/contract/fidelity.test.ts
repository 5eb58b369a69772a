import { afterAll, beforeAll, expect, it } from 'vitest'
import { createConsumer, createProducer } from '../../src/client/create-clients.ts'
import { loadAddon } from '../../src/client/load-addon.ts'
import {
  compareTopics,
  createTopic,
  readRecords,
  writeRecords,
  type Cluster,
  type Comparison,
  type ReadRecord
} from '../helpers/checker.ts'
import { describeWithBrokers } from '../helpers/describe-with-brokers.ts'
import { startKafka, type KafkaBroker } from '../kafka/start-kafka.ts'
import { copyTopic, type Copied } from './copy-topic.ts'
import { clusterSettings } from './librdkafka-cluster.ts'
import { pollBatches } from './poll-until.ts'

/*
 * Every byte of every record, through the real clients, judged by a client that isn't ours. Stock node-rdkafka fails
 * most of these: it loses null and empty, binary headers, header names and tombstones. They stay for ever.
 */

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
/** Records older than a week, and stamped as they were. */
const KEEP = { 'retention.ms': '-1', 'message.timestamp.type': 'CreateTime' }
const PARTITIONS = 3

describeWithBrokers('fidelity', () => {
  let broker: KafkaBroker
  let cluster: Cluster

  beforeAll(async () => {
    broker = await startKafka({ version: '3.9.1' })
    cluster = { bootstrap: broker.bootstrapServers }
    await createTopic(cluster, 'odd', PARTITIONS, KEEP)
    const odd = { ...cluster, topic: 'odd', partitions: PARTITIONS, kind: 'odd', records: 400, codecs: CODECS } as const
    await writeRecords(odd)
  })
  afterAll(async () => broker?.stop())

  async function copy(source: string, target: string, properties: Record<string, string> = {}): Promise<Copied> {
    const settings = clusterSettings(broker.bootstrapServers)
    const group = { groupId: `copy-${target}`, queuedMaxKbytes: 16_384, fetchMaxBytes: 4_000_000 }
    const consumer = await createConsumer({ ...settings, ...group })
    const producer = await createProducer({
      ...settings,
      properties,
      queueMaxMessages: 100_000,
      queueMaxKbytes: 65_536
    })
    try {
      return await copyTopic(consumer, producer, source, target, PARTITIONS)
    } finally {
      await producer.close(10_000)
      await consumer.close()
    }
  }

  async function compare(source: string, target: string): Promise<Comparison> {
    return compareTopics({ source: cluster, target: cluster, topics: [[source, target]] })
  }

  it.each(CODECS)('odd records of every codec, written with %s', async (codec) => {
    const target = `odd-${codec}`
    await createTopic(cluster, target, PARTITIONS, KEEP)
    const copied = await copy('odd', target, { 'compression.type': codec })
    expect(copied).toEqual({ delivered: 400, altered: 0, failures: [] })
    const comparison = await compare('odd', target)
    expect(comparison, JSON.stringify(comparison.examples)).toMatchObject({ equal: true, targetRecords: 400 })
  })

  it('a committed source transaction is copied, an aborted one never', async () => {
    await createTopic(cluster, 'transactions', PARTITIONS, KEEP)
    await createTopic(cluster, 'committed', PARTITIONS, KEEP)
    const written = await writeRecords({
      ...cluster,
      topic: 'transactions',
      partitions: PARTITIONS,
      kind: 'transactional',
      records: 600
    })
    expect(written.aborted).toBeGreaterThan(0)
    expect(await copy('transactions', 'committed')).toMatchObject({ delivered: written.records, failures: [] })
    const comparison = await compare('transactions', 'committed')
    expect(comparison, JSON.stringify(comparison.examples)).toMatchObject({ equal: true })
  })

  it('timestamp 0 can not be kept: such records are counted, their neighbours are whole', async () => {
    await createTopic(cluster, 'zero', PARTITIONS, KEEP)
    await createTopic(cluster, 'now', PARTITIONS, KEEP)
    const explicit = [0, 1, 0, 2, 0].map((timestamp, index) => ({ partition: 0, value: `0${index}`, timestamp }))
    await writeRecords({ ...cluster, topic: 'zero', partitions: PARTITIONS, kind: 'explicit', explicit, raw: true })
    expect(await copy('zero', 'now')).toEqual({ delivered: 5, altered: 3, failures: [] })
    const before = await readRecords(cluster, 'zero')
    const after = await readRecords(cluster, 'now')
    const lessTime = ({ key, value, headers }: ReadRecord): object => ({ key, value, headers })
    expect(after.map(lessTime)).toEqual(before.map(lessTime))
    expect(after.map(({ timestamp }) => timestamp > 2)).toEqual([true, false, true, false, true])
    expect([after[1]?.timestamp, after[3]?.timestamp]).toEqual([1, 2])
  })

  it('a look inside a batch shows what the checker sees', async () => {
    const settings = clusterSettings(broker.bootstrapServers)
    const group = { groupId: 'look', queuedMaxKbytes: 16_384, fetchMaxBytes: 4_000_000 }
    const consumer = await createConsumer({ ...settings, ...group })
    consumer.assign([{ topic: 'odd', partition: 0, offset: 0 }])
    const batches = await pollBatches(consumer, 60)
    const seen = batches.flatMap(({ payload }) => payload.records()).slice(0, 60)
    for (const { payload } of batches) payload.release()
    await consumer.close()
    const hex = (bytes: Uint8Array | null): string | null =>
      bytes === null ? null : Buffer.from(bytes).toString('hex')
    expect(
      seen.map(({ offset, timestamp, key, value, headers }) => ({
        offset,
        timestamp,
        key: hex(key),
        value: hex(value),
        headers: headers.map((header) => [Buffer.from(header.name).toString(), hex(header.value)])
      }))
    ).toEqual(await readRecords(cluster, 'odd', { count: 60 }))
  })

  it('every record that was taken was given back', () => {
    const { messagesTaken, messagesFreed, batchesAlive, batchesLeaked } = loadAddon().addon.counters()
    expect(messagesTaken).toBeGreaterThan(2_000)
    expect(messagesTaken - messagesFreed).toBe(0)
    expect([batchesAlive, batchesLeaked]).toEqual([0, 0])
  })
})
