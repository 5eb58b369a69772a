import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { startWriting, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from '../faults/cluster-pair.ts'
import { ControlOf } from './control-of.ts'

// A partition that has lag and makes no progress is named with its reason, in status and log.

const TIMEOUT = { timeout: 60_000, interval: 500 }

describeWithBrokers('a partition that is stuck', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  const start = async (name: string) => {
    await pair.createSourceTopic(name, 2)
    const load = await pair.startLoad({ topic: name, partitions: 2, rate: 500, size: 200 })
    const job = await pair.job(name, { topics: { include: [name] } })
    const run = job.start()
    await expect.poll(() => pair.copied(name), { timeout: 30_000 }).toBeGreaterThan(100)
    return { load, job, run, control: new ControlOf(job) }
  }
  const reasons = async (control: ControlOf) =>
    (await control.status()).partitions.map(({ stuck }) => stuck?.code ?? null)

  it('because of a target that does not answer, and goes on with it', async () => {
    const { load, job, run, control } = await start('frozen')
    await pair.target.kill('SIGSTOP')
    await expect.poll(() => reasons(control), TIMEOUT).toEqual(['MR_STUCK_TARGET', 'MR_STUCK_TARGET'])
    await run.printed(/No progress of frozen-0, frozen-1, MR_STUCK_TARGET/)
    expect((await control.run('status')).stdout).toContain('MR_STUCK_TARGET (2 partitions)')
    await pair.target.kill('SIGCONT')
    await expect.poll(() => reasons(control), TIMEOUT).toEqual([null, null])
    await load.stop()
    await pair.allCommitted(job.groupId, 'frozen')
    run.kill('SIGTERM')
    expect(await run.finished()).toMatchObject({ exitCode: 143 })
    expect(await pair.compare(['frozen'], { group: job.groupId })).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('because of an open transaction, or because the user has paused it', async () => {
    const { load, run, control } = await start('open')
    await load.stop()
    await expect.poll(async () => (await control.status()).lag, TIMEOUT).toBe(0)
    await writeRecords({
      ...pair.sourceCluster,
      topic: 'open',
      partitions: 1,
      records: 20,
      kind: 'transactional',
      perTransaction: 20,
      leaveOpen: true,
      size: 100
    })
    await expect.poll(async () => (await reasons(control))[0], TIMEOUT).toBe('MR_STUCK_TRANSACTION')
    expect((await reasons(control))[1]).toBeNull()
    await run.printed(/No progress of open-0, MR_STUCK_TRANSACTION/)

    await control.run('pause', 'open/1')
    const more = await startWriting({
      ...pair.sourceCluster,
      topic: 'open',
      partitions: 2,
      records: 0,
      rate: 50,
      size: 100,
      firstSequence: 1_000_000
    })
    await expect.poll(async () => (await reasons(control))[1], TIMEOUT).toBe('MR_STUCK_PAUSED')
    await more.stop()
  })
})
