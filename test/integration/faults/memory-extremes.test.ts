import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createTopic, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { watchMemory } from './process-tree.ts'
import type { TestJob } from './test-job.ts'

// The fault P6 where it is hardest: thousands of partitions, records of 10 MB, and a target that stands still for 30 s.

const MIB = 1024 * 1024
const MINUTE = 60_000
const FREEZE_MS = 30_000
const LARGE = 10_000_000

describeWithBrokers('a limit of memory', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start({ source: { heapMb: 1024 }, target: { heapMb: 1024 } })
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  /** Runs the job with a target that stands still for half a minute in the middle; returns the peak in MiB. */
  const runFrozen = async (job: TestJob, topic: string, records: number): Promise<number> => {
    const run = job.start([], { timeoutMs: 4 * MINUTE })
    const memory = watchMemory(run.pid, 50)
    await run.printed(/Worker 0 was given/, MINUTE)
    await expect.poll(() => pair.copied(topic), { timeout: MINUTE, interval: 100 }).toBeGreaterThan(0)
    await pair.target.kill('SIGSTOP')
    await sleep(FREEZE_MS)
    await pair.target.kill('SIGCONT')
    const end = await run.finished()
    memory.stop()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records } })
    const peak = Math.max(...memory.samples) / MIB
    console.log(`${topic}: peak ${peak.toFixed(0)} MiB`)
    return peak
  }

  it('is kept with records of 10 MB', { timeout: 6 * MINUTE }, async () => {
    await pair.createSourceTopic('large', 4, { 'max.message.bytes': '11000000' })
    await writeRecords({
      ...pair.sourceCluster,
      config: { 'message.max.bytes': 11_000_000, 'batch.size': 1_000_000 },
      topic: 'large',
      partitions: 4,
      records: 60,
      size: LARGE
    })
    const job = await pair.job('large', {
      topics: { include: ['large'] },
      limits: { memory: '384MiB' },
      stop: { at: 'end' }
    })
    expect(await runFrozen(job, 'large', 60)).toBeLessThan(384)
    expect(await pair.compare(['large'])).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it.each([
    [2000, 448],
    [5000, 768]
  ])('is kept with %d partitions', { timeout: 8 * MINUTE }, async (partitions, limit) => {
    const topic = `wide-${partitions}`
    await createTopic(pair.sourceCluster, topic, partitions)
    await writeRecords({ ...pair.sourceCluster, topic, partitions, records: partitions * 10, size: 2000 })
    const job = await pair.job(topic, {
      topics: { include: [topic] },
      limits: { memory: `${limit}MiB` },
      checkpoint: { drainTimeout: '5s' }
    })
    const run = job.start([], { timeoutMs: 4 * MINUTE })
    const memory = watchMemory(run.pid, 50)
    await run.printed(/Worker 0 was given/, MINUTE)
    await expect.poll(() => pair.copied(topic), { timeout: MINUTE, interval: 100 }).toBeGreaterThan(0)
    await pair.target.kill('SIGSTOP')
    await sleep(FREEZE_MS)
    await pair.target.kill('SIGCONT')
    await sleep(FREEZE_MS / 2)
    memory.stop()
    const peak = Math.max(...memory.samples) / MIB
    console.log(`${topic}: peak ${peak.toFixed(0)} MiB`)
    run.kill('SIGTERM')
    await run.finished()
    expect(peak).toBeLessThan(limit)
  })
})
