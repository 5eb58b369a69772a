import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { watchMemory } from './process-tree.ts'
import type { JobRun, TestJob } from './test-job.ts'

// The faults B4 to B6: a whole cluster that does not answer for a while, or is gone and comes back.

const RATE = 5000
const SECOND = 1000
const MIB = 1024 * 1024
/** Longer than the session of a member of the group (10 s), three times over. */
const FREEZE_MS = 30 * SECOND

describeWithBrokers('a cluster that is away', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  /** A job that copies, with more to copy than fits into its memory, and a writer that goes on. */
  const startCopying = async (name: string) => {
    await pair.createSourceTopic(name, 4)
    await writeRecords({ ...pair.sourceCluster, topic: name, partitions: 4, records: 50_000, size: 1000 })
    const load = await pair.startLoad({ topic: name, partitions: 4, rate: RATE, size: 1000, firstSequence: 50_000 })
    const job = await pair.job(name, {
      topics: { include: [name] },
      limits: { memory: '256MiB' },
      checkpoint: { interval: '500ms' }
    })
    const run = job.start()
    await copiedMoreThan(name, 1000)
    return { load, job, run }
  }
  const copiedMoreThan = async (topic: string, records: number, timeout = 30 * SECOND) => {
    await expect.poll(() => pair.copied(topic), { timeout, interval: 100 }).toBeGreaterThan(records)
  }
  /** Ends the run, copies what was written since, and compares. */
  const finish = async (name: string, job: TestJob, run: JobRun) => {
    run.kill('SIGTERM')
    const stopped = await run.finished()
    expect(stopped, stopped.stderr).toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    return await pair.compare([name], { group: job.groupId })
  }

  it('a target frozen for 30 s: group membership kept, memory flat, goes on by itself, nothing lost or twice', async () => {
    const { load, job, run } = await startCopying('frozen-target')
    const membersBefore = await pair.members(job.groupId)
    expect(membersBefore).toHaveLength(1)
    const workers = run.workers()

    await pair.target.kill('SIGSTOP')
    const memory = watchMemory(run.pid)
    await sleep(FREEZE_MS)
    memory.stop()
    expect(await pair.members(job.groupId)).toEqual(membersBefore)
    expect(run.workers()).toEqual(workers)
    expect(run.count(/gave back|crashed/), run.stderr).toBe(0)
    const third = Math.floor(memory.samples.length / 3)
    const [early, late] = [Math.max(...memory.samples.slice(0, third)), Math.max(...memory.samples.slice(-third))]
    expect(late).toBeLessThan(early + 16 * MIB)
    expect(Math.max(...memory.samples)).toBeLessThan(256 * MIB)

    await pair.target.kill('SIGCONT')
    const afterwards = await pair.copied('frozen-target')
    await copiedMoreThan('frozen-target', afterwards + RATE)
    expect(run.count(/gave back|crashed/), run.stderr).toBe(0)
    await load.stop()
    expect(await finish('frozen-target', job, run)).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('a target killed and started again: goes on by itself, nothing lost', async () => {
    const { load, job, run } = await startCopying('killed-target')
    const membersBefore = await pair.members(job.groupId)
    await pair.target.kill('SIGKILL')
    await run.printed(/target.*(Connection refused|Disconnected|brokers are down)/)
    await pair.target.restart()
    const afterwards = await pair.copied('killed-target')
    await copiedMoreThan('killed-target', afterwards + RATE)
    expect(await pair.members(job.groupId)).toEqual(membersBefore)
    expect(run.count(/gave back|crashed/), run.stderr).toBe(0)
    await load.stop()
    expect(await finish('killed-target', job, run)).toMatchObject(NOTHING_LOST)
  })

  it('a source killed and started again: goes on by itself, nothing lost', async () => {
    const { load, job, run } = await startCopying('killed-source')
    await pair.source.kill('SIGKILL')
    await run.printed(/source.*(Connection refused|Disconnected|brokers are down)/)
    await pair.source.restart()
    const afterwards = await pair.copied('killed-source')
    await copiedMoreThan('killed-source', afterwards + RATE, 60 * SECOND)
    expect(run.count(/crashed/), run.stderr).toBe(0)
    await load.stop()
    expect(await finish('killed-source', job, run)).toMatchObject(NOTHING_LOST)
  })
})
