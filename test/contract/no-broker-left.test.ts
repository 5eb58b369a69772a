import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin, createConsumer, createProducer } from '../../src/client/create-clients.ts'
import type { ClusterSettings } from '../../src/client/settings.ts'
import { FencedCluster } from '../helpers/fenced-cluster.ts'
import { clusterSettings } from './librdkafka-cluster.ts'

const BACK_MS = 15_000

interface Open {
  /** Makes the client ask for metadata, if it doesn't by itself. */
  readonly look: () => Promise<unknown>
  readonly close: () => Promise<void>
}

/** A broker without its controller, or one that has just been frozen, tells clients of topics and of no broker at all. */
describe('a cluster that names no broker for a while', () => {
  let cluster: FencedCluster
  beforeEach(async () => {
    cluster = await FencedCluster.start()
  })
  afterEach(() => cluster.stop())

  it.each<{ name: string; open: (settings: ClusterSettings) => Promise<Open> }>([
    {
      name: 'administration',
      open: async (settings) => {
        const admin = await createAdmin(settings)
        return { look: async () => await admin.listTopics(), close: async () => await admin.close() }
      }
    },
    {
      name: 'administration of a group',
      open: async (settings) => {
        const admin = await createAdmin({ ...settings, groupId: 'g' })
        return { look: async () => await admin.listTopics(), close: async () => await admin.close() }
      }
    },
    {
      name: 'a consumer',
      open: async (settings) => {
        const consumer = await createConsumer({
          ...settings,
          groupId: 'g',
          queuedMaxKbytes: 16_384,
          fetchMaxBytes: 4_000_000,
          metadataRefreshMs: 200
        })
        consumer.subscribe(['t'])
        return { look: async () => await consumer.poll(1000, 50), close: async () => await consumer.close() }
      }
    },
    {
      name: 'a producer',
      open: async (settings) => {
        const producer = await createProducer({ ...settings, queueMaxMessages: 1000, queueMaxKbytes: 1024 })
        return { look: async () => await producer.refresh(['t'], 500), close: async () => await producer.close(0) }
      }
    }
  ])('$name is there again when the cluster is', async ({ name, open }) => {
    const clientId = name.replaceAll(' ', '-')
    const client = await open({ ...clusterSettings(cluster.bootstrapServers), clientId })
    const lookFor = async (milliseconds: number): Promise<void> => {
      for (const until = Date.now() + milliseconds; Date.now() < until; await sleep(20)) {
        await client.look().catch(() => undefined)
      }
    }
    await lookFor(1_000)
    expect([...cluster.told]).toContain(clientId)
    cluster.fenced = true
    await lookFor(3_000)
    cluster.fenced = false
    cluster.forget()
    for (const until = Date.now() + BACK_MS; Date.now() < until && !cluster.told.has(clientId);) await lookFor(100)
    expect([...cluster.told]).toContain(clientId)
    await client.close()
  })
})
