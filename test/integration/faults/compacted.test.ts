import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { readRecords, writeRecords, type ExplicitRecord } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { tellResult } from './fault-results.ts'

// The fault T7: what compaction leaves in a log.

const SECOND = 1000

describeWithBrokers('a compacted source', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start({
      source: { configs: { 'log.cleaner.backoff.ms': '200' } },
      // What arrives is compared as it arrived.
      target: { configs: { 'log.cleaner.enable': 'false' } }
    })
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('T7: compacted, with tombstones and empty values: null stays null, empty stays empty, holes are no loss', async () => {
    const topic = 'compacted'
    await pair.createSourceTopic(topic, 1, {
      'cleanup.policy': 'compact',
      'min.cleanable.dirty.ratio': '0.001',
      'segment.ms': '500',
      'max.compaction.lag.ms': '500',
      'delete.retention.ms': '600000'
    })
    const hex = (text: string) => Buffer.from(text).toString('hex')
    const values = [hex('text'), '', null]
    const explicit: ExplicitRecord[] = Array.from({ length: 300 }, (_, index) => ({
      key: hex(`key ${index % 10}`),
      value: values[index % 3] ?? null
    }))
    await writeRecords({ ...pair.sourceCluster, topic, kind: 'explicit', explicit })
    // The newest segment is never compacted: a record in another one lets the first be.
    await expect
      .poll(
        async () => {
          await writeRecords({
            ...pair.sourceCluster,
            topic,
            kind: 'explicit',
            explicit: [{ key: hex('last'), value: '' }]
          })
          return (await readRecords(pair.sourceCluster, topic, { count: 1 }))[0]?.offset
        },
        { timeout: 60 * SECOND, interval: 700 }
      )
      .toBeGreaterThan(0)
    const job = await pair.job(topic, { topics: { include: [topic] }, stop: { at: 'end' } })
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    const kept = (await readRecords(pair.targetCluster, topic, { count: 10 })).map(({ value }) => value)
    expect(kept).toContain(null)
    expect(kept).toContain('')
    const comparison = await pair.compare([topic], { group: job.groupId })
    await tellResult('T7', topic, comparison)
    expect(comparison).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
    await expect(job.run()).resolves.toMatchObject({ exitCode: 0, summary: { records: 0 } })
  })
})
