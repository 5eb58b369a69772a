import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { committedOffsets, endOffsets } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { tellResult } from './fault-results.ts'

// The faults P1 and P3, in short: processes that are killed or told to end while records are on their way.

const RECORDS = 100_000
const RATE = 20_000
const SECOND = 1000

describeWithBrokers('killed and stopped under load', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('P1: kill -9 of a worker, twice: nothing lost, in order, back within 10 s', async () => {
    const committed = () => pair.committed('kill-worker', 'kill-worker')
    const load = await pair.startSequence('kill-worker', RECORDS, RATE)
    const job = await pair.job('kill-worker', {
      topics: { include: ['kill-worker'] },
      checkpoint: { interval: '500ms' }
    })
    const run = job.start()
    await run.printed(/Worker 0 was given/)
    await pair.copiedMoreThan('kill-worker', 1000)
    const kills = 2
    let mayRepeat = 0
    let before = 0
    for (let kill = 1; kill <= kills; kill++) {
      // One that is killed before its first commit has everything to do again, and so has the next one.
      await expect.poll(committed, { timeout: 10 * SECOND, interval: 100 }).toBeGreaterThan(before)
      before = await committed()
      run.signalWorker('SIGKILL')
      const killedAt = performance.now()
      mayRepeat += (await pair.written('kill-worker')) - before
      await expect.poll(() => run.count(/Worker 0 was given/), { timeout: 10 * SECOND }).toBe(kill + 1)
      await pair.copiedMoreThan('kill-worker', await pair.copied('kill-worker'))
      expect(performance.now() - killedAt).toBeLessThan(10 * SECOND)
    }
    expect(run.count(/Worker 0 crashed \(SIGKILL\)/)).toBe(kills)
    await load.stop()
    run.kill('SIGTERM')
    const stopped = await run.finished()
    expect(stopped, stopped.stderr).toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })

    const comparison = await pair.compare(['kill-worker'], { group: job.groupId })
    await tellResult('P1', 'killed-twice', comparison)
    expect(comparison).toMatchObject(NOTHING_LOST)
    // At most what there was beyond the commit that each of them left behind.
    expect(comparison.duplicate).toBeLessThanOrEqual(mayRepeat)
  })

  it('P3: SIGTERM drains and commits: the next run copies nothing twice', async () => {
    const load = await pair.startSequence('sigterm', RECORDS, RATE)
    const job = await pair.job('sigterm', { topics: { include: ['sigterm'] }, checkpoint: { interval: '60s' } })
    const run = job.start()
    await pair.copiedMoreThan('sigterm', 1000, 20 * SECOND)
    run.kill('SIGTERM')
    const signalledAt = performance.now()
    const end = await run.finished()
    expect(performance.now() - signalledAt).toBeLessThan(15 * SECOND)
    expect(end).toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    expect(end.stderr).not.toMatch(/may be copied again/i)
    const committed = await committedOffsets(pair.sourceCluster, job.groupId)
    const copied = await endOffsets(pair.targetCluster, 'sigterm')
    expect(
      Object.fromEntries(
        Object.entries(committed['sigterm'] ?? {}).map(([partition, { offset }]) => [partition, offset])
      )
    ).toEqual(copied)
    expect(end.summary.records).toBe(Object.values(copied).reduce((sum, end) => sum + end, 0))

    await load.stop()
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    const comparison = await pair.compare(['sigterm'], { group: job.groupId, allowDuplicates: false })
    await tellResult('P3', 'sigterm', comparison)
    expect(comparison).toMatchObject({ ...NOTHING_LOST, duplicate: 0, equal: true })
  })
})
