import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair } from './cluster-pair.ts'
import { FaultCase } from './fault-case.ts'
import type { FaultId } from './fault-catalogue.ts'
import { watchMemory } from './process-tree.ts'

// The faults B4 to B6: a whole cluster that does not answer for a while, or is gone and comes back.

const SECOND = 1000
const MIB = 1024 * 1024
/** Longer than the session of a member of the group (10 s), six times over. */
const FREEZE_MS = 60 * SECOND
/** Longer than max.poll.interval.ms (300 s): a member that did not poll meanwhile would have left. */
const DOWN_MS = 320 * SECOND
const SOURCE_DOWN_MS = 60 * SECOND
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
    await sleep(SOURCE_DOWN_MS)
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
    await sleep(DOWN_MS)
    expect(await pair.members(fault.job.groupId)).toEqual(membersBefore)
    await pair.target.restart()
    await fault.recovers(30 * SECOND)
    expect(await pair.members(fault.job.groupId)).toEqual(membersBefore)
    expect(fault.run.count(/gave back|crashed/), fault.run.stderr).toBe(0)
    await fault.finish()
  })
})
