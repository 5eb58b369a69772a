import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair } from './cluster-pair.ts'
import { FaultCase } from './fault-case.ts'
import type { FaultId } from './fault-catalogue.ts'
import { cpuSeconds, watchMemory } from './process-tree.ts'
import type { JobRun } from './test-job.ts'

// The faults B4 to B6: a whole cluster that does not answer for a while, or is gone and comes back.

const SECOND = 1000
const MIB = 1024 * 1024
/** Longer than the session of a member of the group (10 s), six times over. */
const FREEZE_MS = 60 * SECOND
/** Longer than max.poll.interval.ms (300 s): a member that did not poll meanwhile would have left. */
const DOWN_MS = 320 * SECOND
const SOURCE_DOWN_MS = 60 * SECOND
/** Of cores: librdkafka insists on brokers that refuse, if it is let. */
const MOST_CORES = 0.3
/** A request that was on its way when the brokers went insists until its time is over. */
const REQUEST_MS = 35 * SECOND
const GONE = /(Connection refused|Disconnected|brokers are down)/

describeWithBrokers('a cluster that is away', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  /** More is written meanwhile than fits into memory. */
  const start = async (id: FaultId, name: string) => await FaultCase.start(pair, id, name, { load: { rate: 1500 } })

  it('B4: a target frozen for 60 s: group membership kept, memory flat, goes on by itself, nothing lost or twice', async () => {
    const fault = await start('B4', 'frozen-target')
    const { run, job } = fault
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

    await pair.target.kill('SIGCONT')
    await fault.recovers(30 * SECOND)
    expect(run.count(/gave back|crashed/), run.stderr).toBe(0)
    const { duplicate } = await fault.finish()
    expect(duplicate).toBe(0)
  })

  it('B5: all source brokers down for a minute: says so, goes on by itself, nothing lost', async () => {
    const fault = await start('B5', 'source-down')
    await pair.source.kill('SIGKILL')
    await fault.run.printed(new RegExp(`source.*${GONE.source}`))
    await sleep(REQUEST_MS)
    expect(await coresWhile(fault.run, SOURCE_DOWN_MS - REQUEST_MS)).toBeLessThan(MOST_CORES)
    await pair.source.restart()
    await fault.recovers(30 * SECOND)
    expect(fault.run.count(/crashed/), fault.run.stderr).toBe(0)
    await fault.finish()
  })

  it('B5: a source killed and started again at once: goes on by itself, nothing lost', async () => {
    const fault = await start('B5', 'source-restarted-at-once')
    await pair.source.kill('SIGKILL')
    await pair.source.restart()
    await fault.recovers(30 * SECOND)
    expect(fault.run.count(/crashed/), fault.run.stderr).toBe(0)
    await fault.finish()
  })

  it('B6: all target brokers down, longer than max.poll.interval: membership kept, goes on, nothing lost', async () => {
    const fault = await start('B6', 'target-down')
    const membersBefore = await pair.members(fault.job.groupId)
    await pair.target.kill('SIGKILL')
    await fault.run.printed(new RegExp(`target.*${GONE.source}`))
    await sleep(REQUEST_MS)
    expect(await coresWhile(fault.run, DOWN_MS - REQUEST_MS)).toBeLessThan(MOST_CORES)
    expect(await pair.members(fault.job.groupId)).toEqual(membersBefore)
    await pair.target.restart()
    await fault.recovers(30 * SECOND)
    expect(await pair.members(fault.job.groupId)).toEqual(membersBefore)
    expect(fault.run.count(/gave back|crashed/), fault.run.stderr).toBe(0)
    await fault.finish()
  })
})

/** What the supervisor and its workers use meanwhile. */
async function coresWhile(run: JobRun, milliseconds: number): Promise<number> {
  const used = () => [run.pid, ...run.workers()].reduce((sum, pid) => sum + cpuSeconds(pid), 0)
  const before = used()
  await sleep(milliseconds)
  return ((used() - before) * SECOND) / milliseconds
}
