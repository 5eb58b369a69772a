import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { FaultCase } from './fault-case.ts'
import { tellResult } from './fault-results.ts'

// The faults P1, P5, P7 and P8: what workers may die of, at length.

const SECOND = 1000
const KILLS = 20

describeWithBrokers('workers that die', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('P1: kill -9 twenty times under a load of everything: nothing lost, back within 10 s each time', async () => {
    const fault = await FaultCase.start(pair, 'P1', 'killed-20-times', { load: { rate: 1500 } })
    const committed = () => pair.committed(fault.job.groupId, fault.topic)
    let mayRepeat = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      // One that lived long enough to commit: the delays of a crash loop are P8's.
      const before = await committed()
      await expect.poll(committed, { timeout: 40 * SECOND, interval: 100 }).toBeGreaterThan(before)
      const given = fault.run.count(/Worker 0 was given/)
      fault.run.signalWorker('SIGKILL')
      mayRepeat += (await pair.written(fault.topic)) - (await committed())
      await fault.recovers(10 * SECOND)
      expect(fault.run.count(/Worker 0 was given/)).toBe(given + 1)
    }
    expect(fault.run.count(/Worker 0 crashed \(SIGKILL\)/)).toBe(KILLS)
    const { duplicate } = await fault.finish()
    // At most what there was beyond the commit that each of them left behind.
    expect(duplicate).toBeLessThanOrEqual(mayRepeat)
  })

  it('P5: a worker frozen beyond its session: the other takes over, the late one gives its partitions up', async () => {
    const fault = await FaultCase.start(pair, 'P5', 'frozen-worker', {
      job: { workers: 2 },
      memoryMib: 512,
      lateOwners: true
    })
    await fault.run.printed(/Worker 0 was given[^]*Worker 1 was given|Worker 1 was given[^]*Worker 0 was given/)
    await expect.poll(() => pair.shares(fault.job.groupId), { timeout: 30 * SECOND }).toEqual([2, 2])
    const frozen = fault.run.signalWorker('SIGSTOP')
    await expect.poll(() => pair.shares(fault.job.groupId), { timeout: 40 * SECOND }).toEqual([4])
    await fault.copiedMoreThan((await fault.copied()) + 2000)
    process.kill(frozen, 'SIGCONT')
    await expect.poll(() => pair.shares(fault.job.groupId), { timeout: 60 * SECOND, interval: 500 }).toEqual([2, 2])
    await fault.recovers(10 * SECOND)
    const { duplicate, written } = await fault.finish()
    // What was in flight and what was not committed when it froze, and no more.
    expect(duplicate).toBeLessThan(written.records / 2)
  })

  it('P7: killed between delivery and commit: exactly that window comes twice', async () => {
    const topic = 'between'
    await pair.createSourceTopic(topic, 4)
    await writeRecords({ ...pair.sourceCluster, topic, partitions: 4, records: 4000 })
    const job = await pair.job(topic, { topics: { include: [topic] }, checkpoint: { interval: '10m' } })
    // These are committed when it ends.
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { records: 4000 } })
    await writeRecords({ ...pair.sourceCluster, topic, partitions: 4, records: 3000, firstSequence: 4000 })
    const run = job.start()
    await expect.poll(() => pair.copied(topic), { timeout: 30 * SECOND }).toBe(7000)
    run.signalWorker('SIGKILL')
    await run.printed(/Worker 0 crashed \(SIGKILL\)/)
    await expect.poll(() => pair.copied(topic), { timeout: 30 * SECOND }).toBe(10_000)
    run.kill('SIGTERM')
    await expect(run.finished()).resolves.toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { records: 0 } })
    const comparison = await pair.compare([topic], { group: job.groupId })
    await tellResult('P7', topic, comparison)
    expect(comparison).toMatchObject({ ...NOTHING_LOST, duplicate: 3000 })
  })

  it('P8: a native crash is followed by a start with back-off; a crash loop ends as FAILED and says so', async () => {
    const fault = await FaultCase.start(pair, 'P8', 'native-crash')
    fault.run.signalWorker('SIGSEGV')
    await fault.run.printed(/Worker 0 crashed \(SIGSEGV\); next start in 500 ms/)
    await fault.recovers(10 * SECOND)
    await fault.finish()

    await pair.createSourceTopic('crash-loop', 1)
    const job = await pair.job('crash-loop', { topics: { include: ['crash-loop'] } })
    const run = job.start()
    const delays: number[] = []
    for (let crash = 1; crash <= 6; crash++) {
      await expect.poll(() => run.workers().length, { timeout: 20 * SECOND, interval: 50 }).toBe(1)
      run.signalWorker('SIGSEGV')
      if (crash === 6) break
      await expect.poll(() => run.count(/Worker 0 crashed \(SIGSEGV\)/), { timeout: 10 * SECOND }).toBe(crash)
      delays.push(Number([...run.stderr.matchAll(/next start in (\d+) ms/g)].at(-1)?.[1]))
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000])
    const end = await run.finished()
    expect(end, end.stderr).toMatchObject({ exitCode: 1, summary: { state: 'FAILED' } })
    expect(end.stderr).toMatch(/MR_CRASH_LOOP.*Worker 0 crashed again and again, the last time with SIGSEGV/)
  })
})
