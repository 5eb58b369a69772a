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

export const disconnect = (client) =>
  new Promise((resolve) => {
    client.disconnect(() => resolve(undefined))
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

/** @param {string} servers @param {object} [properties] */
export async function makeConsumer(servers, properties = {}) {
  const consumer = new kafka.KafkaConsumer(
    {
      'bootstrap.servers': servers,
      'group.id': fresh('group'),
      'enable.auto.commit': false,
      'enable.auto.offset.store': false,
      'enable.partition.eof': true,
      'fetch.queue.backoff.ms': 2,
      log_level: 3,
      ...properties
    },
    {}
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
