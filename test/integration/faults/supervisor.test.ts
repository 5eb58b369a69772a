import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair, NOTHING_LOST } from './cluster-pair.ts'
import { tellResult } from './fault-results.ts'
import { isAlive } from './process-tree.ts'

// The faults P2 and P4, and what a second Ctrl-C does: a supervisor that dies or may not wait.

const RECORDS = 100_000
const RATE = 20_000
const SECOND = 1000

describeWithBrokers('a supervisor that ends early', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  it('P2: kill -9 of the supervisor: workers end by themselves, the next start goes on, nothing lost', async () => {
    const load = await pair.startSequence('kill-supervisor', RECORDS, RATE)
    const job = await pair.job('kill-supervisor', {
      topics: { include: ['kill-supervisor'] },
      workers: 2,
      checkpoint: { interval: '500ms' }
    })
    const first = job.start()
    await first.printed(/Worker 0 was given[^]*Worker 1 was given|Worker 1 was given[^]*Worker 0 was given/)
    await pair.copiedMoreThan('kill-supervisor', 1000)
    const workers = first.workers()
    expect(workers).toHaveLength(2)
    first.kill('SIGKILL')
    await expect.poll(() => workers.filter(isAlive), { timeout: 10 * SECOND }).toEqual([])
    await expect(first.finished()).resolves.toMatchObject({ signal: 'SIGKILL' })

    const before = await pair.copied('kill-supervisor')
    const second = job.start()
    await pair.copiedMoreThan('kill-supervisor', before, 20 * SECOND)
    await load.stop()
    second.kill('SIGINT')
    await expect(second.finished()).resolves.toMatchObject({ exitCode: 130, summary: { state: 'STOPPED' } })
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    const comparison = await pair.compare(['kill-supervisor'], { group: job.groupId })
    await tellResult('P2', 'kill-supervisor', comparison)
    expect(comparison).toMatchObject(NOTHING_LOST)
  })

  it('P4: SIGTERM while the target is frozen: ends at the drain deadline, fails, and names what may repeat', async () => {
    const load = await pair.startSequence('frozen', RECORDS, RATE)
    const job = await pair.job('frozen', {
      topics: { include: ['frozen'] },
      checkpoint: { interval: '200ms', drainTimeout: '2s' }
    })
    const run = job.start()
    await pair.copiedMoreThan('frozen', 1000, 20 * SECOND)
    await pair.target.kill('SIGSTOP')
    await run.printedAgain(/in flight [1-9]/)
    run.kill('SIGTERM')
    const signalledAt = performance.now()
    const end = await run.finished()
    expect(performance.now() - signalledAt).toBeLessThan(15 * SECOND)
    expect(end, end.stderr).toMatchObject({ exitCode: 1, summary: { state: 'FAILED' } })
    expect(end.stderr).toMatch(/May be copied again by the next run:\n {2}frozen-\d offsets \d+ to \d+/)

    await pair.target.kill('SIGCONT')
    await load.stop()
    const halfway = await pair.compare(['frozen'], { group: job.groupId })
    expect(halfway.lost).toBeGreaterThan(0)
    expect(halfway).toMatchObject({ ...NOTHING_LOST, lost: halfway.lost })
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    const comparison = await pair.compare(['frozen'], { group: job.groupId })
    await tellResult('P4', 'frozen', comparison)
    expect(comparison).toMatchObject(NOTHING_LOST)
  })

  it('P4: a second SIGINT ends at once and says what may be copied again', async () => {
    const load = await pair.startSequence('second-sigint', RECORDS, RATE)
    const job = await pair.job('second-sigint', { topics: { include: ['second-sigint'] } })
    const run = job.start()
    await pair.copiedMoreThan('second-sigint', 1000, 20 * SECOND)
    await pair.target.kill('SIGSTOP')
    await run.printedAgain(/in flight [1-9]/)
    const workers = run.workers()
    run.kill('SIGINT')
    await run.printed(/SIGINT: .*Once more stops at once/)
    // What comes within 150 ms is the same key, so the second press is repeated until it is heard.
    const presses = setInterval(() => run.kill('SIGINT'), 100)
    await run.printed(/SIGINT again: stopping at once/).finally(() => clearInterval(presses))
    const heardAt = performance.now()
    const end = await run.finished()
    expect(performance.now() - heardAt).toBeLessThan(3 * SECOND)
    expect(end, end.stderr).toMatchObject({ exitCode: 1, summary: { state: 'FAILED' } })
    expect(end.stderr).toMatch(/May be copied again by the next run:\n {2}second-sigint-\d offsets \d+ to \d+/)
    expect(workers.filter(isAlive)).toEqual([])

    await pair.target.kill('SIGCONT')
    await load.stop()
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED' } })
    const comparison = await pair.compare(['second-sigint'], { group: job.groupId })
    await tellResult('P4', 'second-sigint', comparison)
    expect(comparison).toMatchObject(NOTHING_LOST)
  })
})
