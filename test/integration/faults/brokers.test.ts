import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { administer } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, type WidePair } from './cluster-pair.ts'
import { FaultCase } from './fault-case.ts'
import type { FaultId } from './fault-catalogue.ts'

// The faults B1, B2, B3 and B7: three brokers a side, each record on all three, and some of them go.

const SECOND = 1000
const RECOVERY_MS = 30 * SECOND
const REPLICATION = 3
/** Six brokers share a small machine with the load. */
const RATE = 500

describeWithBrokers('three brokers a side', () => {
  let pair: WidePair

  beforeAll(async () => {
    pair = await ClusterPair.startWide()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  const start = async (id: FaultId, name: string) =>
    await FaultCase.start(pair, id, name, {
      replication: REPLICATION,
      topicConfigs: { 'min.insync.replicas': '2' },
      load: { rate: RATE, largest: 500_000 }
    })
  const clusterOf = (side: 'source' | 'target') => (side === 'source' ? pair.sourceCluster : pair.targetCluster)
  const leaderOf = async (cluster: { bootstrap: string }, topic: string): Promise<number> => {
    const leaders = await administer<Record<string, number>>(cluster, 'leaders', { topic })
    return leaders['0'] ?? 1
  }
  const allInSync = async (cluster: { bootstrap: string }, topic: string): Promise<void> => {
    await expect
      .poll(async () => Object.values(await administer<object>(cluster, 'in_sync', { topic })), {
        timeout: 60 * SECOND,
        interval: 500
      })
      .toEqual([3, 3, 3, 3])
  }

  it.each([
    ['B1', 'source'],
    ['B2', 'target']
  ] as const)('%s: kill -9 of a %s leader: nothing lost, back within 30 s', async (id, side) => {
    const fault = await start(id, `${side}-leader`)
    const leader = pair[side].broker(await leaderOf(clusterOf(side), fault.topic))
    await leader.kill('SIGKILL')
    await fault.recovers(RECOVERY_MS)
    await leader.restart()
    await fault.recovers(RECOVERY_MS)
    await fault.finish()
  })

  it.each(['source', 'target'] as const)('B3: the %s restarted broker by broker: nothing lost', async (side) => {
    const fault = await start('B3', `${side}-restarted`)
    for (const broker of pair[side].brokers) {
      await broker.kill('SIGTERM')
      await broker.restart()
      await allInSync(clusterOf(side), fault.topic)
      await fault.recovers(RECOVERY_MS)
    }
    await fault.finish()
  })

  it('B7: a target below min.insync.replicas: waits, says why, goes on when a replica is back', async () => {
    const fault = await start('B7', 'too-few-replicas')
    const leader = await leaderOf(pair.targetCluster, fault.topic)
    // The controllers need two of three as well: so all three replicas are asked for, and one goes.
    await administer(pair.targetCluster, 'alter_configs', {
      topic: fault.topic,
      configs: { 'min.insync.replicas': '3' }
    })
    const other = pair.target.broker(leader === 3 ? 2 : 3)
    await other.kill('SIGKILL')
    await fault.run.printed(/min\.insync\.replicas|NOT_ENOUGH_REPLICAS/, 60 * SECOND)
    // How much is copied can't be asked meanwhile: the leaders don't know what is kept for good.
    await sleep(5 * SECOND)
    expect(fault.run.count(/crashed|gave back/), fault.run.stderr).toBe(0)
    await other.restart()
    await fault.recovers(60 * SECOND)
    await fault.finish()
  })
})
