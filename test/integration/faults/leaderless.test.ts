import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { administer, createTopic, endOffsets, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { startKafka, type KafkaBroker } from '../../kafka/start-kafka.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { watchMemory } from './process-tree.ts'

// A target partition without a leader: one partition waits, the others don't notice.

const SECOND = 1000
const MIB = 1024 * 1024

describeWithBrokers('a partition that waits', () => {
  let pair: ClusterPair
  let second: KafkaBroker | undefined

  beforeAll(async () => {
    pair = await ClusterPair.start()
    second = await startKafka({ version: '3.9.1', joins: pair.target })
  })
  afterEach(() => pair?.endProcesses())
  afterAll(async () => {
    await second?.stop()
    await pair?.stop()
  })

  it('a target partition without a leader stops only itself, and goes on when the leader is back', async () => {
    const topic = 'leaderless'
    await pair.createSourceTopic(topic, 4)
    // Replication factor 1: two of the partitions live on the broker that is stopped.
    await createTopic(pair.targetCluster, topic, 4)
    const write = (records: number, firstSequence: number) =>
      writeRecords({ ...pair.sourceCluster, topic, partitions: 4, records, size: 1000, firstSequence })
    await write(4000, 0)
    const job = await pair.job(topic, {
      topics: { include: [topic] },
      limits: { memory: '256MiB' },
      checkpoint: { interval: '500ms' }
    })
    const run = job.start()
    await expect.poll(() => pair.copied(topic), { timeout: 20 * SECOND }).toBe(4000)

    const memory = watchMemory(run.pid)
    await second?.kill('SIGKILL')
    await write(100_000, 4000)
    const sourceEnds = await endOffsets(pair.sourceCluster, topic)
    await expect.poll(() => partitionsWithLeader(pair, topic), { timeout: 20 * SECOND }).toHaveLength(2)
    const withLeader = await partitionsWithLeader(pair, topic)
    // More than may be in flight waits for the other two partitions, and these come to their ends all the same.
    await expect
      .poll(async () => await endsOf(pair, topic, withLeader), { timeout: 60 * SECOND, interval: 500 })
      .toEqual(withLeader.map((partition) => sourceEnds[partition]))
    memory.stop()
    expect(Math.max(...memory.samples)).toBeLessThan(256 * MIB)
    expect(run.count(/crashed|gave back/)).toBe(0)

    await second?.restart()
    await expect.poll(() => pair.copied(topic), { timeout: 60 * SECOND, interval: 500 }).toBe(104_000)
    run.kill('SIGTERM')
    await expect(run.finished()).resolves.toMatchObject({ exitCode: 143, summary: { records: 104_000 } })
    expect(await pair.compare([topic], { group: job.groupId })).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })
})

async function partitionsWithLeader(pair: ClusterPair, topic: string): Promise<number[]> {
  return await administer<number[]>(pair.targetCluster, 'partitions_with_leader', { topic })
}

async function endsOf(pair: ClusterPair, topic: string, partitions: readonly number[]): Promise<unknown[]> {
  const ends = await administer<Record<string, number>>(pair.targetCluster, 'list_offsets', { topic, partitions })
  return partitions.map((partition) => ends[partition])
}
