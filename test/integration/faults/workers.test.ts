import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { FaultCase } from './fault-case.ts'

// The fault G1 and what comes before it: workers that share a group, here and in another supervisor.

const RECORDS = 10_000
const RATE = 5000
const SECOND = 1000

describeWithBrokers('workers that share', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('two workers have two partitions each; one is killed, the other goes on and nothing is lost', async () => {
    const topic = 'two-workers'
    const load = await pair.startSequence(topic, RECORDS, RATE)
    const job = await pair.job(topic, {
      topics: { include: [topic] },
      workers: 2,
      checkpoint: { interval: '500ms' }
    })
    const run = job.start()
    await run.printed(/Worker 0 was given/)
    await expect.poll(() => pair.shares(job.groupId), { timeout: 30 * SECOND }).toEqual([2, 2])
    // Whoever came first had all four for a moment.
    const gaveBack = run.count(/gave back/)
    const [, second] = run.workers()
    const first = run.signalWorker('SIGKILL')
    await run.printed(/Worker \d crashed \(SIGKILL\)/)
    const killed = /Worker (\d) crashed/.exec(run.stderr)?.[1]
    await run.printed(new RegExp(`Worker ${killed} crashed[^]*Worker ${killed} was given`))
    await pair.copiedMoreThan(topic, (await pair.copied(topic)) + RATE, 20 * SECOND)
    expect(run.workers()).toContain(second)
    expect(run.workers()).not.toContain(first)
    expect(run.count(/crashed/)).toBe(1)
    expect(run.count(/gave back/)).toBe(gaveBack)
    await expect.poll(() => pair.shares(job.groupId), { timeout: 30 * SECOND }).toEqual([2, 2])

    await load.stop()
    run.kill('SIGTERM')
    await expect(run.finished()).resolves.toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    const comparison = await pair.compare([topic], { group: job.groupId })
    expect(comparison).toMatchObject(NOTHING_LOST)
    expect(comparison.duplicate).toBeLessThan(RECORDS + 2 * RATE)
  })

  it('a second supervisor joins and leaves under load: partitions move drained, nothing lost, nothing twice', async () => {
    const topic = 'second-supervisor'
    const load = await pair.startSequence(topic, RECORDS, RATE)
    const settings = {
      source: { groupId: topic },
      topics: { include: [topic] },
      checkpoint: { interval: '60s' }
    }
    const here = await pair.job('here', settings)
    const there = await pair.job('there', settings)
    const first = here.start()
    await pair.copiedMoreThan(topic, 1000, 20 * SECOND)
    const second = there.start()
    await expect.poll(() => pair.shares(topic), { timeout: 30 * SECOND }).toEqual([2, 2])
    await second.printed(/Worker 0 was given/)
    await pair.copiedMoreThan(topic, (await pair.copied(topic)) + RATE, 20 * SECOND)

    const given = first.count(/Worker 0 was given/)
    second.kill('SIGTERM')
    const left = await second.finished()
    expect(left, left.stderr).toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    expect(left.summary.records).toBeGreaterThan(0)
    // A static member does not leave: its partitions move when its session of 10 s is over.
    await expect.poll(() => pair.shares(topic), { timeout: 30 * SECOND }).toEqual([4])
    await expect.poll(() => first.count(/Worker 0 was given/), { timeout: 10 * SECOND }).toBeGreaterThan(given)
    await pair.copiedMoreThan(topic, (await pair.copied(topic)) + RATE, 20 * SECOND)
    await load.stop()
    first.kill('SIGTERM')
    const stopped = await first.finished()
    expect(stopped, stopped.stderr).toMatchObject({ exitCode: 143, summary: { state: 'STOPPED' } })
    await expect(here.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    for (const { stderr } of [left, stopped]) expect(stderr).not.toMatch(/may be copied again/i)
    const comparison = await pair.compare([topic], { group: topic })
    expect(comparison).toMatchObject({ ...NOTHING_LOST, duplicate: 0 })
  })

  it('G1: a second supervisor joins and leaves every 5 s: progress, nothing lost, duplicates bounded', async () => {
    const fault = await FaultCase.start(pair, 'G1', 'join-and-leave', {
      job: { source: { groupId: 'join-and-leave-group' } }
    })
    for (let visit = 0; visit < 4; visit++) {
      const before = await fault.copied()
      const guest = await pair.job(`guest-${visit}`, {
        source: { groupId: 'join-and-leave-group' },
        topics: { include: [fault.topic] },
        limits: { memory: '256MiB' },
        checkpoint: { interval: '500ms' }
      })
      const run = guest.start()
      await sleep(5 * SECOND)
      run.kill(visit % 2 === 0 ? 'SIGTERM' : 'SIGKILL')
      await run.finished()
      await sleep(5 * SECOND)
      await fault.copiedMoreThan(before, 30 * SECOND)
    }
    await fault.recovers(30 * SECOND)
    const { duplicate, written } = await fault.finish()
    expect(duplicate).toBeLessThan(written.records)
  })
})
