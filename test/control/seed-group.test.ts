import { describe, expect, it } from 'vitest'
import { seedGroup } from '../../src/control/seed-group.ts'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { FakeCluster } from './fake-cluster.ts'
import { jobWith, NOW, planOf } from './plan-of.ts'

const quick = { timeoutMs: 50, pollMs: 1 }
const times = [NOW - 3, NOW - 2, NOW - 1]

function clusters(): { source: FakeCluster; target: FakeCluster } {
  const source = new FakeCluster('source').topic('orders', [{ times }, { logStart: 4, times }])
  return { source, target: new FakeCluster('target') }
}

describe('seedGroup', () => {
  it('commits every start of a fresh group, so that a crash can’t move it', async () => {
    const { source, target } = clusters()
    const plan = await planOf(source, target, jobWith({ start: { from: 'latest' } }))
    expect((await seedGroup(source, plan, quick)).starts.map(({ offset }) => offset)).toEqual([3, 7])
    expect(source.changes).toEqual(['commit orders-0@3 orders-1@7'])
    const again = await planOf(source, target, jobWith({ start: { from: 'latest' } }), { hasRun: true })
    expect(again.topics[0]?.partitions.map(({ start }) => start)).toEqual([3, 7])
  })

  it('commits only new partitions of a group that goes on', async () => {
    const { source, target } = clusters()
    source.commit('orders', 0, 2)
    await seedGroup(source, await planOf(source, target), quick)
    expect(source.changes).toEqual(['commit orders-1@4'])
  })

  it('commits nothing when every partition has its commit', async () => {
    const { source, target } = clusters()
    source.commit('orders', 0, 2).commit('orders', 1, 5)
    source.groupInUse = true
    const seeded = await seedGroup(source, await planOf(source, target), quick)
    expect(seeded).toMatchObject({ joined: false, starts: [{ offset: 2 }, { offset: 5 }] })
    expect(source.changes).toEqual([])
  })

  it('does not overrule progress that another supervisor made since the plan', async () => {
    const { source, target } = clusters()
    const plan = await planOf(source, target)
    source.commit('orders', 0, 3).commit('orders', 1, 7)
    await seedGroup(source, plan, quick)
    expect(source.changes).toEqual([])
  })

  it('overrules every commit after --reset', async () => {
    const { source, target } = clusters()
    source.commit('orders', 0, 3).commit('orders', 1, 7)
    await seedGroup(source, await planOf(source, target, jobWith(), { reset: true }), quick)
    expect(source.changes).toEqual(['commit orders-0@0 orders-1@4'])
  })

  it('moves a commit whose loss was accepted', async () => {
    const { source, target } = clusters()
    source.commit('orders', 0, 1).commit('orders', 1, 2)
    const job = jobWith({ topics: { settings: { orders: { onLoss: 'continue' } } } })
    await seedGroup(source, await planOf(source, target, job), quick)
    expect(source.changes).toEqual(['commit orders-1@4'])
  })

  it('waits for the starts of another supervisor that was first', async () => {
    const { source, target } = clusters()
    const plan = await planOf(source, target)
    source.groupInUse = true
    setTimeout(() => source.commit('orders', 0, 1).commit('orders', 1, 5), 10)
    expect(await seedGroup(source, plan, quick)).toMatchObject({ joined: true, starts: [{ offset: 1 }, { offset: 5 }] })
  })

  it('refuses a group whose members never commit for these topics', async () => {
    const { source, target } = clusters()
    const plan = await planOf(source, target)
    source.groupInUse = true
    await expect(seedGroup(source, plan, quick)).rejects.toMatchObject({ code: 'MR_GROUP_IN_USE', kind: 'refused' })
  })

  it('commits its own starts when members of a run before, whose commits are gone, have left', async () => {
    const { source, target } = clusters()
    const plan = await planOf(source, target)
    source.groupInUse = true
    setTimeout(() => (source.groupInUse = false), 10)
    expect((await seedGroup(source, plan, quick)).joined).toBe(false)
    expect(source.changes).toEqual(['commit orders-0@0 orders-1@4'])
  })

  it('keeps what those members had committed before they left', async () => {
    const { source, target } = clusters()
    const plan = await planOf(source, target)
    source.groupInUse = true
    setTimeout(() => {
      source.commit('orders', 0, 2)
      source.groupInUse = false
    }, 10)
    const seeded = await seedGroup(source, plan, quick)
    expect(seeded.starts.map(({ offset }) => offset)).toEqual([2, 4])
    expect(source.changes).toEqual(['commit orders-1@4'])
  })

  it('waits to reset until the members of the run before have gone', async () => {
    const { source, target } = clusters()
    source.commit('orders', 0, 1)
    const plan = await planOf(source, target, jobWith(), { reset: true })
    let refusals = 2
    const commit = source.commitOffsets.bind(source)
    source.commitOffsets = async (groupId, offsets) => {
      if (refusals-- > 0) throw new MillraceError({ code: 'MR_GROUP_IN_USE', kind: 'refused', message: 'in use' })
      await commit(groupId, offsets)
    }
    expect((await seedGroup(source, plan, quick)).joined).toBe(false)
    expect(refusals).toBe(-1)
  })

  it('refuses to reset a group in use', async () => {
    const { source, target } = clusters()
    source.commit('orders', 0, 1)
    const plan = await planOf(source, target, jobWith(), { reset: true })
    source.groupInUse = true
    await expect(seedGroup(source, plan, quick)).rejects.toMatchObject({ code: 'MR_GROUP_IN_USE' })
  })

  it('goes on with a new partition in a group in use', async () => {
    const { source, target } = clusters()
    source.commit('orders', 0, 2)
    const plan = await planOf(source, target)
    source.groupInUse = true
    expect(await seedGroup(source, plan, quick)).toEqual({
      joined: true,
      starts: [{ topic: 'orders', partition: 0, offset: 2 }]
    })
  })
})
