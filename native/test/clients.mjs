import { createRequire } from 'node:module'
import { loadAddon } from '../load.mjs'

/* Clients of an embedded cluster, and the addon's callbacks as promises. */

const require = createRequire(import.meta.url)
export const kafka = require('node-rdkafka')
export const addon = loadAddon()

let names = 0
/** A name nobody had before. @param {string} prefix */
export const fresh = (prefix) => `${prefix}-${process.pid}-${++names}`

const connect = (client) =>
  new Promise((resolve, reject) => {
    client.connect({ timeout: 10_000, allTopics: true }, (error, metadata) =>
      error ? reject(error) : resolve(metadata)
    )
  })

/** Does nothing if that happened already. */
export const disconnect = (client) =>
  new Promise((resolve) => {
    if (client.isConnected()) client.disconnect(() => resolve(undefined))
    else resolve(undefined)
  })

/** A cluster that lives in this process as long as its client. */
export async function startCluster(brokers = 1) {
  const owner = new kafka.Producer({ 'test.mock.num.brokers': brokers, 'bootstrap.servers': 'ignored', log_level: 3 })
  const metadata = await connect(owner)
  const servers = metadata.brokers.map(({ host, port }) => `${host}:${port}`).join(',')
  return { servers, owner, stop: () => disconnect(owner) }
}

/** @param {string} servers @param {object} [properties] */
export async function makeProducer(servers, properties = {}) {
  const producer = new kafka.Producer({
    'bootstrap.servers': servers,
    'enable.idempotence': true,
    acks: 'all',
    'message.timeout.ms': 0,
    'linger.ms': 5,
    log_level: 3,
    ...properties
  })
  producer.on('event.error', () => {})
  await connect(producer)
  return producer
}

/** @param {string} servers @param {object} [properties] @param {object} [topicProperties] */
export async function makeConsumer(servers, properties = {}, topicProperties = {}) {
  const consumer = new kafka.KafkaConsumer(
    {
      'bootstrap.servers': servers,
      'group.id': fresh('group'),
      'enable.auto.commit': false,
      'enable.auto.offset.store': false,
      'enable.partition.eof': true,
      'fetch.queue.backoff.ms': 2,
      // The embedded cluster waits for the whole time, also when there is something to fetch.
      'fetch.wait.max.ms': 10,
      'topic.metadata.refresh.fast.interval.ms': 20,
      log_level: 3,
      ...properties
    },
    topicProperties
  )
  consumer.on('event.error', () => {})
  await connect(consumer)
  return consumer
}

/** The callback-last method as a promise. */
export const call = (object, method, ...args) =>
  new Promise((resolve, reject) => {
    object[method](...args, (error, value) => (error ? reject(error) : resolve(value)))
  })

/**
 * Polls until `done` says so of everything polled.
 * @param {(all: { batches: any[], ends: any[], errors: any[] }) => boolean} done
 */
export async function pollUntil(attached, done, { maxBytes = 1 << 20, maxCount = 1e6 } = {}) {
  const all = { batches: [], ends: [], errors: [] }
  const deadline = Date.now() + 30_000
  while (!done(all)) {
    if (Date.now() > deadline)
      throw new Error(`Polled in vain: ${JSON.stringify({ ...all, batches: all.batches.length })}`)
    const poll = await call(attached, 'poll', maxBytes, maxCount, 500)
    for (const key of ['batches', 'ends', 'errors']) all[key].push(...poll[key])
  }
  return all
}

export const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
export const countOf = (batches) => sum(batches.map((batch) => batch.count))

/**
 * A cluster, a producer and a consumer, attached, for the length of `body`. Everything must be given back by then.
 * @param {(env: any) => Promise<void>} body
 */
export async function withClients(
  body,
  { producer: producerProperties = {}, consumer: consumerProperties = {}, brokers = 1 } = {}
) {
  const cluster = await startCluster(brokers)
  const producer = await makeProducer(cluster.servers, producerProperties)
  const consumer = await makeConsumer(cluster.servers, consumerProperties)
  const reader = addon.attachConsumer(consumer.getClient())
  const writer = addon.attachProducer(producer.getClient())
  const env = { cluster, producer, consumer, reader, writer, servers: cluster.servers }
  try {
    await body(env)
  } finally {
    await call(writer, 'close', 5000).catch(ignoreClosed)
    await call(reader, 'close').catch(ignoreClosed)
    // With records held it would wait for ever, and hide what went wrong.
    if (reader.held() === 0) await disconnect(consumer)
    await disconnect(producer)
    await cluster.stop()
  }
}

const ignoreClosed = (error) => {
  if (error.code !== 'MR_CLIENT_CLOSED' && error.code !== 'MR_RECORDS_HELD') throw error
}

/** Fills a partition with `count` records through node-rdkafka itself. */
export async function fill(servers, topic, partition, count, { size = 100, timestamp = 1_600_000_000_000 } = {}) {
  const producer = await makeProducer(servers, { 'queue.buffering.max.messages': 1_000_000 })
  const value = Buffer.alloc(size, 'x')
  for (let i = 0; i < count; i++) producer.produce(topic, partition, value, `key ${i}`, timestamp + i)
  await call(producer, 'flush', 30_000)
  await disconnect(producer)
}

/** All records of a partition, copied. */
export async function readAll(env, topic, partition) {
  env.consumer.assign([{ topic, partition, offset: 0 }])
  const { batches } = await pollUntil(env.reader, (all) =>
    all.ends.some((end) => end.topic === topic && end.partition === partition)
  )
  const records = batches.filter((batch) => batch.topic === topic).flatMap((batch) => batch.records())
  for (const batch of batches) batch.release()
  env.consumer.unassign()
  return records
}
