import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAdmin } from '../../src/client/create-clients.ts'
import type { ClusterAdmin } from '../../src/client/types.ts'
import { clusterSettings, startMock, type MockCluster } from './librdkafka-cluster.ts'

/** librdkafka connects without a pause to a broker that a request of administration waits for: 1.1 cores. */
const MOST_CORES = 0.3
const WATCHED_MS = 4_000
const NOTICED_MS = 1_000
const CLOSING_MS = 5_000
const PARTITION = { topic: 't', partition: 0 }

describe('administration of a cluster that has gone away', () => {
  let cluster: MockCluster
  let isThere = true
  const stop = async (): Promise<void> => {
    if (isThere) await cluster.stop()
    isThere = false
  }
  beforeEach(async () => {
    cluster = await startMock()
    isThere = true
    await cluster.createTopic('t')
  })
  afterEach(stop)

  it.each<{ name: string; groupId?: string; ask: (admin: ClusterAdmin) => Promise<unknown> }>([
    { name: 'offsets of the log', ask: async (admin) => await admin.listOffsets([PARTITION], 'latest') },
    { name: 'topics', ask: async (admin) => await admin.describeTopics(['t']) },
    { name: 'offsets of the group', groupId: 'g', ask: async (admin) => await admin.committedOffsets('g', [PARTITION]) }
  ])(
    'asked for $name again and again, it costs next to nothing, and closing does not wait',
    async ({ groupId, ask }) => {
      const settings = clusterSettings(cluster.bootstrapServers)
      const admin = await createAdmin(groupId === undefined ? settings : { ...settings, groupId })
      await ask(admin).catch(() => undefined)
      await stop()
      await sleep(NOTICED_MS)

      let asking = true
      const asked = (async () => {
        while (asking) {
          await ask(admin).catch(() => undefined)
          await sleep(100)
        }
      })()
      const before = process.cpuUsage()
      await sleep(WATCHED_MS)
      const { user, system } = process.cpuUsage(before)
      asking = false
      const closing = performance.now()
      await admin.close()
      await asked
      expect((user + system) / 1000 / WATCHED_MS).toBeLessThan(MOST_CORES)
      expect(performance.now() - closing).toBeLessThan(CLOSING_MS)
    }
  )

  it('a request that is under way when its broker goes is not waited for by closing', async () => {
    const admin = await createAdmin(clusterSettings(cluster.bootstrapServers))
    await admin.listOffsets([PARTITION], 'latest')
    await stop()
    const asked = admin.listOffsets([PARTITION], 'latest')
    const failed = expect(asked).rejects.toMatchObject({ code: 'MR_CLIENT_CLOSED' })
    await sleep(200)
    const closing = performance.now()
    await admin.close()
    await failed
    expect(performance.now() - closing).toBeLessThan(CLOSING_MS)
  })
})
