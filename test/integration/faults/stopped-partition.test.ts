import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { administer, createTopic, endOffsets, writeRecords, type ExplicitRecord } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair } from './cluster-pair.ts'
import { tellResult } from './fault-results.ts'

// The fault Q3: one partition stops, the others don't notice.

describeWithBrokers('a partition that stops', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('Q3: a record that is too large stops its partition at that record; raising the limit completes it', async () => {
    const topic = 'too-large'
    await pair.createSourceTopic(topic, 2)
    await createTopic(pair.targetCluster, topic, 2, { 'max.message.bytes': '20000' })
    const large = Buffer.alloc(100_000, 'x').toString('hex')
    const explicit: ExplicitRecord[] = Array.from({ length: 42 }, (_, index) => ({
      partition: index % 2,
      key: Buffer.from(`${index}`).toString('hex'),
      value: index === 20 ? large : Buffer.from(`value ${index}`).toString('hex')
    }))
    await writeRecords({ ...pair.sourceCluster, topic, kind: 'explicit', explicit })
    const job = await pair.job(topic, {
      target: { accept: ['reject'] },
      topics: { include: [topic] },
      stop: { at: 'end' }
    })
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({ exitCode: 1, summary: { state: 'FAILED', records: 31 } })
    expect(end.stderr).toMatch(/too-large-0 stopped, MR_RECORD_REFUSED: .*offset 10: MSG_SIZE_TOO_LARGE/)
    expect(end.summary.partitions).toMatchObject([
      { partition: 0, from: 0, to: 10, records: 10 },
      { partition: 1, from: 0, to: 21, records: 21 }
    ])
    expect(await endOffsets(pair.targetCluster, topic)).toEqual({ 0: 10, 1: 21 })
    const until = { to: { [topic]: { 0: 10, 1: 21 } }, group: job.groupId, allowDuplicates: false }
    expect(await pair.compare([topic], until)).toMatchObject({ equal: true, targetRecords: 31 })

    // Again without a change: refused at the same record, nothing twice.
    await expect(job.run()).resolves.toMatchObject({ exitCode: 1, summary: { state: 'FAILED', records: 0 } })
    expect(await endOffsets(pair.targetCluster, topic)).toEqual({ 0: 10, 1: 21 })

    await administer(pair.targetCluster, 'alter_configs', { topic, configs: { 'max.message.bytes': '200000' } })
    const completed = await job.run()
    expect(completed, completed.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 11 } })
    const comparison = await pair.compare([topic], { allowDuplicates: false })
    await tellResult('Q3', topic, comparison)
    expect(comparison).toMatchObject({ equal: true, targetRecords: 42 })
  })
})
