import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { administer, endOffsets, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { tellResult } from './fault-results.ts'

// The faults T4 and T6: the source grows while it is mirrored.

const SECOND = 1000
const LOOK_OFTEN = '1s'

describeWithBrokers('a source that grows', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('T4: new partitions: the target grows first, records are read from the first, nothing lost', async () => {
    const topic = 'growing'
    await pair.createSourceTopic(topic, 2)
    await writeRecords({ ...pair.sourceCluster, topic, partitions: 2, records: 100 })
    const job = await pair.job(topic, {
      topics: { include: [topic], discoveryInterval: LOOK_OFTEN },
      // What was there before the start is left out, what comes in new partitions is not.
      start: { from: 'latest' }
    })
    const run = job.start()
    await run.printed(/Worker 0 was given growing-[01], growing-[01]/)
    await administer(pair.sourceCluster, 'grow_topic', { topic, partitions: 4 })
    await writeRecords({ ...pair.sourceCluster, topic, partitions: 4, records: 400, firstSequence: 100 })
    await expect.poll(() => pair.copied(topic), { timeout: 40 * SECOND }).toBe(400)
    expect(run.stderr).toMatch(/Target topic growing has grown to 4 partitions[^]*was given growing-[23], growing-[23]/)
    expect(await endOffsets(pair.targetCluster, topic)).toEqual({ 0: 100, 1: 100, 2: 100, 3: 100 })
    run.kill('SIGTERM')
    await expect(run.finished()).resolves.toMatchObject({ exitCode: 143, summary: { records: 400 } })
    const from = { [topic]: { 0: 50, 1: 50 } }
    const comparison = await pair.compare([topic], { from })
    await tellResult('T4', topic, comparison)
    expect(comparison).toMatchObject({ ...NOTHING_LOST, duplicate: 0, sourceRecords: 400 })
  })

  it('T6: a late topic that matches, with records at once: created first, read from its first record', async () => {
    await pair.createSourceTopic('late-0', 1)
    const job = await pair.job('late', {
      topics: { include: ['/^late-/'], discoveryInterval: LOOK_OFTEN },
      start: { from: 'latest' }
    })
    const run = job.start()
    await run.printed(/Worker 0 was given late-0-0/)
    await pair.createSourceTopic('late-1', 3, { 'retention.ms': '777000000' })
    await writeRecords({ ...pair.sourceCluster, topic: 'late-1', partitions: 3, records: 3000 })
    await pair.createSourceTopic('unrelated', 1)
    await run.printed(/Target topic late-1 was created with 3 partitions[^]*was given late-1-\d, late-1-\d, late-1-\d/)
    expect(run.stderr).toMatch(/Found topic late-1: it is mirrored to late-1 from its first record/)
    await expect.poll(() => pair.copied('late-1'), { timeout: 20 * SECOND }).toBe(3000)
    const configs = await administer(pair.targetCluster, 'describe_configs', { topic: 'late-1' })
    expect(configs).toMatchObject({ 'retention.ms': { value: '777000000' } })
    expect(Object.keys(await administer<object>(pair.targetCluster, 'list_topics'))).not.toContain('unrelated')
    run.kill('SIGTERM')
    await expect(run.finished()).resolves.toMatchObject({ exitCode: 143, summary: { records: 3000 } })
    const comparison = await pair.compare(['late-0', 'late-1'])
    await tellResult('T6', 'late-topic', comparison)
    expect(comparison).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })

    // Nothing of it comes twice after a restart either.
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { records: 0 } })
  })
})
