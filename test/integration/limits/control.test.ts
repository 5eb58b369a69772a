import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { committedOffsets } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { runCli } from '../../helpers/run-cli.ts'
import { ClusterPair, NOTHING_LOST } from '../faults/cluster-pair.ts'
import { ControlOf } from './control-of.ts'

// Pauses of the job, a topic and a partition while it runs, and what control says when it can't.

describeWithBrokers('a job that is controlled', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  const start = async (name: string) => {
    await pair.createSourceTopic(name, 3)
    const load = await pair.startLoad({ topic: name, partitions: 3, rate: 3000, size: 200 })
    const job = await pair.job(name, { topics: { include: [name] }, checkpoint: { interval: '500ms' } })
    const run = job.start()
    const control = new ControlOf(job)
    await expect.poll(() => pair.copied(name), { timeout: 30_000 }).toBeGreaterThan(1000)
    return { load, job, run, control }
  }
  const delivered = async (control: ControlOf) =>
    new Map((await control.status()).partitions.map(({ partition, to }) => [partition, to] as const))

  it('a partition is paused while the others go on, whatever becomes of its worker', async () => {
    const { load, job, run, control } = await start('one')
    expect(await control.run('pause', 'one/1')).toMatchObject({ exitCode: 0, stdout: 'Paused: one/1.\n' })
    await sleep(1500)
    const before = await delivered(control)
    await sleep(2000)
    const after = await delivered(control)
    expect(after.get(1)).toBe(before.get(1))
    for (const other of [0, 2]) expect(after.get(other)).toBeGreaterThan((before.get(other) ?? 0) + 500)

    for (const worker of run.workers()) process.kill(worker, 'SIGKILL')
    await run.printedAgain(/was given one-/)
    await expect
      .poll(async () => (await delivered(control)).get(0), { timeout: 20_000 })
      .toBeGreaterThan(after.get(0) ?? 0)
    expect((await delivered(control)).get(1)).toBe(before.get(1))
    // The worker was killed: what it had not committed is read again, but of the paused partition all was committed.
    expect((await control.run('status')).stdout).toMatch(/one-1 .*(paused|MR_STUCK_PAUSED)/)

    expect(await control.run('resume', 'one/1')).toMatchObject({ stdout: 'Nothing is paused.\n' })
    await load.stop()
    await pair.allCommitted(job.groupId, 'one')
    run.kill('SIGTERM')
    expect(await run.finished()).toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    expect(await pair.compare(['one'], { group: job.groupId })).toMatchObject(NOTHING_LOST)
  })

  it('all of it is paused: PAUSED, still a member, everything delivered is committed; then it goes on', async () => {
    const { load, job, run, control } = await start('all')
    const members = await pair.members(job.groupId)
    expect(await control.run('pause')).toMatchObject({ exitCode: 0, stdout: 'Paused: the job.\n' })
    await run.printed(/The job is PAUSED/)
    await sleep(2000)
    const paused = await delivered(control)
    await sleep(12_000)
    expect(await delivered(control)).toEqual(paused)
    expect(await control.status()).toMatchObject({ state: 'PAUSED', paused: { job: true } })
    expect(await pair.members(job.groupId)).toEqual(members)
    const committed = await committedOffsets(pair.sourceCluster, job.groupId)
    const offsets = Object.entries(committed['all'] ?? {}).map(([partition, { offset }]) => [Number(partition), offset])
    expect(Object.fromEntries(offsets)).toEqual(Object.fromEntries(paused))
    // Every byte of the text, and none behind it.
    for (const { metadata } of Object.values(committed['all'] ?? {})) {
      expect(metadata).toMatch(/^millrace\/1 id=\S+ tid=\S+ t=\d+@\d+$/)
    }

    expect(await control.run('resume')).toMatchObject({ exitCode: 0 })
    await load.stop()
    await pair.allCommitted(job.groupId, 'all')
    await control.run('pause')
    run.kill('SIGTERM')
    expect(await run.finished()).toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    expect(await pair.compare(['all'], { group: job.groupId })).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('is told apart from one that does not run, and is nobody else’s', async () => {
    const { run, job, control } = await start('errors')
    expect(statSync(join(control.stateDir, 'control.sock')).mode & 0o777).toBe(0o600)
    expect(await control.run('pause', 'error')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('MR_CONTROL_TOPIC') as unknown
    })
    const second = await job.run()
    expect(second).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('MR_JOB_RUNNING') as unknown })
    await run.killTree()
    expect(await control.run('status')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('MR_CONTROL_NOT_RUNNING') as unknown
    })
    expect(await runCli(['control', 'nobody', 'status'], { cwd: pair.directory })).toMatchObject({ exitCode: 1 })
    // What it left behind is taken over.
    const next = job.start()
    await next.printed(/The job is RUNNING/)
    expect(await control.run('status')).toMatchObject({ exitCode: 0 })
    next.kill('SIGTERM')
    expect(await next.finished()).toMatchObject({ exitCode: 143 })
  })
})
