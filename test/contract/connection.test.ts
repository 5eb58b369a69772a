import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAdmin, createConsumer, createProducer } from '../../src/client/create-clients.ts'
import { loadAddon } from '../../src/client/load-addon.ts'
import { probeConnection } from '../../src/client/probe-connection.ts'
import type { ClusterSettings } from '../../src/client/settings.ts'
import { describeWithBrokers } from '../helpers/describe-with-brokers.ts'
import { freePort } from '../helpers/free-port.ts'
import { LateIdCluster } from '../helpers/late-id-cluster.ts'
import { startKafka, type KafkaBroker } from '../kafka/start-kafka.ts'
import { clusterSettings, startMock, type MockCluster } from './librdkafka-cluster.ts'

const consumerNumbers = { groupId: 'g', queuedMaxKbytes: 4_096, fetchMaxBytes: 1_000_000 }
const producerNumbers = { queueMaxMessages: 1_000, queueMaxKbytes: 4_096 }

function creators(settings: ClusterSettings, options = {}): (() => Promise<{ close(drain: number): Promise<void> }>)[] {
  return [
    () => createConsumer({ ...settings, ...consumerNumbers }, options),
    () => createProducer({ ...settings, ...producerNumbers }, options),
    () => createAdmin(settings, options)
  ]
}

describe('connecting', () => {
  let cluster: MockCluster
  beforeAll(async () => {
    cluster = await startMock()
  })
  afterAll(async () => cluster.stop())

  it('a probe is told which cluster it is, again and again', async () => {
    const admin = await createAdmin(clusterSettings(cluster.bootstrapServers))
    const { clusterId } = await admin.describeCluster()
    await admin.close()
    expect(clusterId).toMatch(/./)
    for (let probe = 0; probe < 20; probe++) {
      expect(await probeConnection(clusterSettings(cluster.bootstrapServers))).toMatchObject({ clusterId })
    }
  })

  it('a probe of brokers that do not say which cluster they are finds them all the same', async () => {
    const silent = await LateIdCluster.start()
    try {
      expect(await probeConnection(clusterSettings(silent.bootstrapServers))).toMatchObject({ clusterId: undefined })
    } finally {
      await silent.stop()
    }
  })

  it('a broker that is not there is an error in time, with its reason', async () => {
    const away = { ...clusterSettings(`127.0.0.1:${await freePort()}`), connectTimeoutMs: 800 }
    for (const create of creators(away)) {
      const begin = Date.now()
      await expect(create()).rejects.toMatchObject({
        code: 'MR_CONNECT_FAILED',
        kind: 'retry',
        message: expect.stringContaining('Connection refused') as string,
        place: { cluster: 'source', broker: away.bootstrapServers }
      })
      expect(Date.now() - begin).toBeLessThan(4_000)
    }
  })

  it('can be given up', async () => {
    const away = clusterSettings(`127.0.0.1:${await freePort()}`)
    for (const create of creators(away, { signal: AbortSignal.timeout(300) })) {
      const begin = Date.now()
      await expect(create()).rejects.toMatchObject({ code: 'MR_CANCELLED' })
      expect(Date.now() - begin).toBeLessThan(3_000)
    }
  })

  it('need not wait: a client for a cluster that is away can be made and closed', async () => {
    const away = { ...clusterSettings(`127.0.0.1:${await freePort()}`), connectTimeoutMs: 0 }
    for (const create of creators(away)) await (await create()).close(0)
  })

  it.each([
    ['a property that does not exist', { 'no.such.property': 1 }],
    ['a value that makes no sense', { 'socket.timeout.ms': 'soon' }]
  ])('%s is a mistake in the configuration', async (_name, properties) => {
    for (const create of creators({ ...clusterSettings(cluster.bootstrapServers), properties }).slice(0, 2)) {
      await expect(create()).rejects.toMatchObject({ code: 'MR_CLIENT_CONFIGURATION', kind: 'configuration' })
    }
  })

  it('a certificate file that is not there is a mistake in the configuration', async () => {
    const security = { protocol: 'SSL', caFile: '/no/such/ca.pem', verifyHostname: true } as const
    for (const create of creators({ ...clusterSettings(cluster.bootstrapServers), security })) {
      await expect(create()).rejects.toMatchObject({
        code: 'MR_CLIENT_CONFIGURATION',
        message: expect.stringContaining('ssl.ca.location') as string
      })
    }
  })

  it('nothing of a secret can be seen in a client', async () => {
    const password = 'not-to-be-seen'
    const settings = clusterSettings(cluster.bootstrapServers)
    const secret = { ...settings, properties: { 'ssl.key.password': password } }
    for (const create of creators(secret)) {
      const client = await create()
      expect(inspect(client, { depth: 20, showHidden: true })).not.toContain(password)
      expect(JSON.stringify(client)).not.toContain(password)
      await client.close(0)
    }
  })

  it('nothing is left behind by failed connects', async () => {
    const { addon } = loadAddon()
    const { messagesTaken, messagesFreed, batchesAlive, sendsInFlight } = addon.counters()
    expect(messagesTaken - messagesFreed).toBe(0)
    expect([batchesAlive, sendsInFlight]).toEqual([0, 0])
  })
})

describe('a server that is not Kafka', () => {
  let server: Server
  let address: string
  beforeAll(async () => {
    const port = await freePort()
    address = `127.0.0.1:${port}`
    server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  })
  afterAll(() => server.close())

  it('is told from one that is away', async () => {
    await expect(probeConnection(clusterSettings(address))).rejects.toMatchObject({ code: 'MR_PROTOCOL_FAILED' })
  })

  it('is told when TLS is spoken to it', async () => {
    const security = { protocol: 'SSL', verifyHostname: true } as const
    await expect(probeConnection({ ...clusterSettings(address), security })).rejects.toMatchObject({
      code: expect.stringMatching(/MR_(TLS|PROTOCOL)_FAILED/) as string,
      message: expect.stringContaining('(SSL)') as string
    })
  })
})

/** As the broker counts them. It writes its log a little later. */
async function countRefusals(broker: KafkaBroker): Promise<number> {
  await sleep(1_000)
  return (await readFile(broker.logFile, 'utf8')).match(/Failed authentication/g)?.length ?? 0
}

describeWithBrokers('credentials', () => {
  let broker: KafkaBroker
  const user = { username: 'mirror', password: 'right' }

  beforeAll(async () => {
    broker = await startKafka({
      version: '3.9.1',
      security: { protocol: 'SASL_SSL', mechanisms: ['SCRAM-SHA-512'], users: [user] }
    })
  })
  afterAll(async () => broker?.stop())

  function secured(changes: Partial<ClusterSettings['security']> = {}): ClusterSettings {
    const caFile = broker.certificates?.ca ?? ''
    const security = {
      protocol: 'SASL_SSL',
      mechanism: 'SCRAM-SHA-512',
      ...user,
      caFile,
      verifyHostname: true
    } as const
    return { ...clusterSettings(broker.bootstrapServers), security: { ...security, ...changes } }
  }

  it('that are right open every client', async () => {
    await probeConnection(secured())
    for (const create of creators(secured())) await (await create()).close(0)
  })

  it('that are wrong are refused at once, and never tried a second time by a probe', async () => {
    const begin = Date.now()
    await expect(probeConnection(secured({ password: 'wrong' }))).rejects.toMatchObject({
      code: 'MR_AUTHENTICATION_FAILED',
      kind: 'authentication',
      place: { cluster: 'source' }
    })
    expect(Date.now() - begin).toBeLessThan(3_000)
    expect(await countRefusals(broker)).toBe(1)
    for (const create of creators(secured({ password: 'wrong' }))) {
      await expect(create()).rejects.toMatchObject({ code: 'MR_AUTHENTICATION_FAILED', kind: 'authentication' })
    }
  })

  it('a broker with a certificate of somebody else is not trusted', async () => {
    const foreign = secured({ caFile: broker.certificates?.foreignCa ?? '' })
    await expect(probeConnection(foreign)).rejects.toMatchObject({ code: 'MR_TLS_FAILED', kind: 'configuration' })
  })

  it('a listener that wants TLS is told from one that is away', async () => {
    const begin = Date.now()
    await expect(probeConnection(clusterSettings(broker.bootstrapServers))).rejects.toMatchObject({
      code: 'MR_PROTOCOL_FAILED',
      next: expect.stringContaining('security.protocol') as string
    })
    expect(Date.now() - begin).toBeLessThan(3_000)
  })
})
