import { describe, expect, it } from 'vitest'
import { createTopics } from '../../src/control/create-topics.ts'
import { FakeCluster } from './fake-cluster.ts'
import { jobWith, planOf } from './plan-of.ts'

const quick = { timeoutMs: 200, pollMs: 1 }

describe('createTopics', () => {
  it('creates and grows what the plan says, once for each target', async () => {
    const source = new FakeCluster('source').topic('a', [{}, {}]).topic('b', [{}, {}, {}]).topic('c', [{}, {}])
    const target = new FakeCluster('target').topic('c')
    const topics = { include: ['a', 'b', 'c'], overrides: { a: 'ab', b: 'ab' } }
    const plan = await planOf(source, target, jobWith({ topics }))
    const done = await createTopics(target, plan.topics, quick)
    expect(done.map(({ action, target: topic }) => `${action} ${topic}`)).toEqual(['create ab', 'grow c'])
    expect(target.changes).toEqual(['create ab 3', 'grow c 2'])
    const again = await planOf(source, target, jobWith({ topics }))
    expect(again.topics.map(({ action }) => action)).toEqual(['none', 'none', 'none'])
    expect(await createTopics(target, again.topics, quick)).toEqual([])
    expect(target.changes).toHaveLength(2)
  })

  it('waits until the topics are visible', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target')
    const plan = await planOf(source, target)
    target.invisibleFor = 3
    await createTopics(target, plan.topics, quick)
    expect(target.invisibleFor).toBeLessThan(0)
  })

  it('gives up with a code when they never are', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target')
    const plan = await planOf(source, target)
    target.invisibleFor = Number.POSITIVE_INFINITY
    await expect(createTopics(target, plan.topics, quick)).rejects.toMatchObject({ code: 'MR_TOPIC_NOT_READY' })
  })

  it('grows a topic that somebody else has created meanwhile with too few partitions', async () => {
    const source = new FakeCluster('source').topic('orders', [{}, {}, {}])
    const target = new FakeCluster('target')
    const plan = await planOf(source, target)
    target.topic('orders')
    await createTopics(target, plan.topics, quick)
    expect(target.changes).toEqual(['create orders 3', 'grow orders 3'])
  })
})
