import { describe, expect, it } from 'vitest'
import {
  adminConfiguration,
  byLevel,
  consumerConfiguration,
  probeConfiguration,
  producerConfiguration
} from '../../src/client/client-configuration.ts'
import type { ClusterSettings, ConsumerSettings, ProducerSettings } from '../../src/client/settings.ts'

const cluster: ClusterSettings = {
  cluster: 'source',
  bootstrapServers: 'a:9092,b:9092',
  clientId: 'millrace',
  security: { protocol: 'PLAINTEXT', verifyHostname: true },
  properties: {}
}
const consumer: ConsumerSettings = { ...cluster, groupId: 'g', queuedMaxKbytes: 32_768, fetchMaxBytes: 8_000_000 }
const producer: ProducerSettings = { ...cluster, queueMaxMessages: 100_000, queueMaxKbytes: 65_536 }

describe('the configuration of a client', () => {
  it("sees new partitions as soon as it is asked to, not after librdkafka's five minutes", () => {
    const name = 'topic.metadata.refresh.interval.ms'
    expect(consumerConfiguration({ ...consumer, metadataRefreshMs: 2000 })[name]).toBe(2000)
    expect(consumerConfiguration(consumer)[name]).toBeUndefined()
  })

  it('a user property can not take away a guarantee', () => {
    const careless = {
      'enable.auto.commit': true,
      'enable.auto.offset.store': true,
      'auto.offset.reset': 'latest',
      'isolation.level': 'read_uncommitted',
      'partition.assignment.strategy': 'range',
      'allow.auto.create.topics': true,
      acks: 1,
      'enable.idempotence': false,
      'enable.gapless.guarantee': false,
      'message.timeout.ms': 1000,
      'bootstrap.servers': 'elsewhere:1'
    }
    expect(consumerConfiguration({ ...consumer, properties: careless })).toMatchObject({
      'enable.auto.commit': false,
      'enable.auto.offset.store': false,
      'auto.offset.reset': 'error',
      'isolation.level': 'read_committed',
      'partition.assignment.strategy': 'cooperative-sticky',
      'allow.auto.create.topics': false,
      'bootstrap.servers': 'a:9092,b:9092'
    })
    expect(producerConfiguration({ ...producer, properties: careless })).toMatchObject({
      acks: 'all',
      'enable.idempotence': true,
      'enable.gapless.guarantee': true,
      'message.timeout.ms': 0,
      'allow.auto.create.topics': false
    })
  })

  it('properties of topics go where node-rdkafka does not drop them', () => {
    const properties = { 'compression.level': 3, 'compression.type': 'zstd' }
    expect(byLevel(producerConfiguration({ ...producer, properties })).topic).toEqual({
      acks: 'all',
      'message.timeout.ms': 0,
      'compression.level': 3
    })
    const { client, topic } = byLevel(consumerConfiguration(consumer))
    expect(topic).toEqual({ 'auto.offset.reset': 'error' })
    expect(client).not.toHaveProperty('auto.offset.reset')
    expect(client).toHaveProperty('group.id')
  })

  it('a user property overrides what is only recommended', () => {
    expect(consumerConfiguration({ ...consumer, properties: { 'fetch.wait.max.ms': 7 } })['fetch.wait.max.ms']).toBe(7)
    expect(producerConfiguration({ ...producer, properties: { 'linger.ms': 50 } })['linger.ms']).toBe(50)
  })

  it('the fetch queue never waits a second, and never spins', () => {
    const backoff = Number(consumerConfiguration(consumer)['fetch.queue.backoff.ms'])
    expect(backoff).toBeGreaterThanOrEqual(1)
    expect(backoff).toBeLessThanOrEqual(5)
  })

  it('tiny records are bounded by what a queued record costs', () => {
    const minimum = Number(consumerConfiguration(consumer)['queued.min.messages'])
    expect(minimum * 512).toBeLessThanOrEqual(32_768 * 1024)
  })

  it('static membership is left out when there is no instance id', () => {
    expect(consumerConfiguration(consumer)).not.toHaveProperty('group.instance.id')
    expect(consumerConfiguration({ ...consumer, groupInstanceId: 'i-0' })['group.instance.id']).toBe('i-0')
  })

  it('credentials reach every client, properties of records only their own', () => {
    const security = { protocol: 'SASL_SSL', mechanism: 'SCRAM-SHA-512', username: 'u', password: 'p' } as const
    const settings = {
      ...cluster,
      security: { ...security, caFile: '/ca.pem', verifyHostname: false },
      properties: { 'linger.ms': 9, 'socket.timeout.ms': 1234 }
    }
    const configuration = adminConfiguration(settings)
    expect(configuration).toMatchObject({
      'security.protocol': 'sasl_ssl',
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.username': 'u',
      'sasl.password': 'p',
      'ssl.ca.location': '/ca.pem',
      'ssl.endpoint.identification.algorithm': 'none',
      'socket.timeout.ms': 1234
    })
    expect(configuration).not.toHaveProperty('linger.ms')
  })

  it('a mechanism that comes as properties is not overruled by an empty security block', () => {
    const properties = { 'security.protocol': 'sasl_plaintext', 'sasl.mechanism': 'GSSAPI' }
    expect(adminConfiguration({ ...cluster, properties })).toMatchObject(properties)
  })

  it('a probe tries one server, once', () => {
    expect(probeConfiguration(cluster, { text: 'b:9092', family: 'v6' })).toMatchObject({
      'bootstrap.servers': 'b:9092',
      'broker.address.family': 'v6',
      'reconnect.backoff.ms': 60_000,
      'reconnect.backoff.max.ms': 60_000
    })
  })
})
