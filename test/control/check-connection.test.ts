import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { bootstrapAddresses } from '../../src/control/bootstrap-servers.ts'
import { checkConnection, type ConnectionCheck } from '../../src/control/check-connection.ts'
import type { Network } from '../../src/control/network.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { FakeCluster } from './fake-cluster.ts'

const open: Network = { resolve: async () => ['10.0.0.1'], reach: async () => {} }

function check(changes: Partial<ConnectionCheck> = {}) {
  const admin = new FakeCluster('source').topic('orders')
  return checkConnection({
    cluster: 'source',
    bootstrapServers: 'kafka-a:9092,kafka-b:9093',
    groupId: 'g',
    probe: async () => ({ clusterId: 'id-1', milliseconds: 1 }),
    openAdmin: async () => admin,
    network: open,
    ...changes
  })
}

const stages = (results: Awaited<ReturnType<typeof check>>) => results.map(({ stage, ok }) => [stage, ok])

describe('checkConnection', () => {
  it('goes through every stage', async () => {
    expect(stages(await check())).toEqual([
      ['dns', true],
      ['tcp', true],
      ['protocol', true],
      ['metadata', true],
      ['group coordinator', true]
    ])
  })

  it('names the name that can’t be resolved, on the real network', async () => {
    const results = await checkConnection({
      cluster: 'target',
      bootstrapServers: 'no-such-host.invalid:9092',
      probe: () => Promise.reject(new Error('probed')),
      openAdmin: () => Promise.reject(new Error('opened'))
    })
    expect(results).toMatchObject([
      { stage: 'dns', ok: false, code: 'MR_DNS_FAILED', detail: expect.stringContaining('no-such-host.invalid') }
    ])
  })

  it('tells a port that nobody listens on from one that is open, on the real network', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const admin = new FakeCluster('target')
    admin.describeCluster = async () => {
      return { clusterId: 'x', controllerId: 0, brokers: [{ id: 0, host: '127.0.0.1', port }] }
    }
    const at = (bootstrapServers: string) =>
      checkConnection({
        cluster: 'target',
        bootstrapServers,
        probe: async () => ({ clusterId: 'id-1', milliseconds: 1 }),
        openAdmin: async () => admin
      })
    expect((await at(`127.0.0.1:${port}`)).every(({ ok }) => ok)).toBe(true)
    await new Promise((resolve) => server.close(resolve))
    expect((await at(`127.0.0.1:${port}`)).at(-1)).toMatchObject({
      stage: 'tcp',
      ok: false,
      detail: `127.0.0.1:${port}: connection refused`
    })
  })

  it('is content with one server of several, and tells the other', async () => {
    const network: Network = {
      ...open,
      resolve: (host) =>
        host === 'kafka-a' ? Promise.reject(new Error('no such host')) : Promise.resolve(['10.0.0.2'])
    }
    expect((await check({ network }))[0]).toMatchObject({
      ok: true,
      detail: 'kafka-b is 10.0.0.2; kafka-a: no such host'
    })
  })

  it('probes once, and not at all while the port is closed', async () => {
    let probes = 0
    const probe = () => {
      probes++
      const next = 'Check the password.'
      return Promise.reject(
        new MillraceError({ code: 'MR_AUTHENTICATION_FAILED', kind: 'authentication', message: 'refused', next })
      )
    }
    await check({ probe, network: { ...open, reach: () => Promise.reject(new Error('closed')) } })
    expect(probes).toBe(0)
    const results = await check({ probe, openAdmin: () => Promise.reject(new Error('a second attempt')) })
    expect(probes).toBe(1)
    expect(results.at(-1)).toMatchObject({
      stage: 'protocol',
      ok: false,
      code: 'MR_AUTHENTICATION_FAILED',
      kind: 'authentication',
      next: 'Check the password.'
    })
  })

  it('names a broker whose advertised address can’t be reached', async () => {
    const network: Network = {
      ...open,
      reach: ({ host }) => (host === '127.0.0.1' ? Promise.reject(new Error('no way')) : Promise.resolve())
    }
    expect((await check({ network })).at(-1)).toMatchObject({
      stage: 'metadata',
      ok: false,
      code: 'MR_BROKER_UNREACHABLE',
      detail: expect.stringContaining('127.0.0.1:9092 (no way)'),
      next: expect.stringContaining('advertised.listeners')
    })
  })

  it('asks the target for no group, and closes what it opened', async () => {
    const admin = new FakeCluster('target')
    let closed = 0
    admin.close = async () => {
      closed++
    }
    const results = await checkConnection({
      cluster: 'target',
      bootstrapServers: 'kafka',
      probe: async () => ({ clusterId: 'id-1', milliseconds: 1 }),
      openAdmin: async () => admin,
      network: open
    })
    expect(results.map(({ stage }) => stage)).toEqual(['dns', 'tcp', 'protocol', 'metadata'])
    expect(closed).toBe(1)
  })
})

it.each([
  ['kafka', [['kafka', 9092]]],
  [
    'a:1, b:2,',
    [
      ['a', 1],
      ['b', 2]
    ]
  ],
  ['SASL_SSL://a:1', [['a', 1]]],
  [
    '[::1]:9093,[fe80::1]',
    [
      ['::1', 9093],
      ['fe80::1', 9092]
    ]
  ],
  ['', []]
])('reads the addresses of %j', (servers, expected) => {
  expect(bootstrapAddresses(servers).map(({ host, port }) => [host, port])).toEqual(expected)
})
