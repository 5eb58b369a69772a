import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { tellResult } from './fault-results.ts'

// The fault T8: aborted and long-open transactions.

const SECOND = 1000

describeWithBrokers('a source with transactions', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('T8: aborted transactions make no phantom; a long-open one holds its partition, and that shows', async () => {
    const topic = 'transactions'
    await pair.createSourceTopic(topic, 2)
    const written = { ...pair.sourceCluster, topic, partitions: 2, kind: 'transactional' } as const
    const first = await writeRecords({ ...written, records: 3000, abortEvery: 3, leaveOpen: true })
    expect(first.aborted).toBeGreaterThan(0)
    // Behind the open one, out of reach until it ends.
    await writeRecords({ ...pair.sourceCluster, topic, partitions: 2, records: 500, firstSequence: 10_000 })
    const job = await pair.job(topic, { topics: { include: [topic] } })
    const run = job.start()
    await expect.poll(() => pair.copied(topic), { timeout: 30 * SECOND }).toBe(first.records)
    await run.printed(/No progress of transactions-[01][^]*MR_STUCK_TRANSACTION/, 60 * SECOND)
    expect(await pair.copied(topic)).toBe(first.records)
    // Its time-out of a minute ends it.
    await expect.poll(() => pair.copied(topic), { timeout: 120 * SECOND, interval: 500 }).toBe(first.records + 500)
    run.kill('SIGTERM')
    await expect(run.finished()).resolves.toMatchObject({ exitCode: 143, summary: { records: first.records + 500 } })
    const comparison = await pair.compare([topic], { group: job.groupId })
    await tellResult('T8', topic, comparison)
    expect(comparison).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })
})
