import { describe, expect, it } from 'vitest'
import { discoverTopics } from '../../src/control/discover-topics.ts'
import { FakeCluster } from './fake-cluster.ts'
import { codes, HOUR, jobWith, NOW, type JobChanges } from './plan-of.ts'

const times = [NOW - HOUR, NOW - HOUR]

function discover(source: FakeCluster, target: FakeCluster, known: Record<string, number>, job: JobChanges = {}) {
  const changes = { ...job, topics: { include: ['/orders.*/'], ...job.topics } }
  return discoverTopics({ job: jobWith(changes), source, target, known: new Map(Object.entries(known)), now: NOW })
}

describe('discoverTopics', () => {
  it('finds nothing when nothing has changed, without asking the target', async () => {
    const source = new FakeCluster('source').topic('orders', [{}, {}]).topic('payments')
    const target = new FakeCluster('target')
    target.listTopics = () => Promise.reject(new Error('asked'))
    expect(await discover(source, target, { orders: 2 })).toEqual({ topics: [], gone: [], refusals: [], warnings: [] })
  })

  it('reads a late topic from its first record, although the job starts at the end', async () => {
    const source = new FakeCluster('source').topic('orders').topic('orders-late', [{ logStart: 2, times }])
    const found = await discover(source, new FakeCluster('target'), { orders: 1 }, { start: { from: 'latest' } })
    expect(found.topics).toMatchObject([
      {
        source: 'orders-late',
        action: 'create',
        partitions: [{ partition: 0, start: 2, startReason: 'new partition', records: 2 }]
      }
    ])
    expect([...found.refusals, ...found.warnings]).toEqual([])
  })

  it('finds the partitions that a topic has grown by, and grows the target first', async () => {
    const source = new FakeCluster('source').topic('orders', [{}, {}, { times }])
    const target = new FakeCluster('target').topic('orders', [{}, {}])
    const found = await discover(source, target, { orders: 2 })
    expect(found.topics).toMatchObject([
      { source: 'orders', action: 'grow', targetPartitions: 3, partitions: [{ partition: 2, start: 0 }] }
    ])
    expect(found.topics[0]?.partitions).toHaveLength(1)
  })

  it('leaves a target alone that a larger sibling needs as it is', async () => {
    const source = new FakeCluster('source').topic('orders-a', [{}, {}, {}]).topic('orders-b')
    const target = new FakeCluster('target').topic('all', [{}, {}, {}])
    const topics = { targetName: 'all' }
    const found = await discover(source, target, { 'orders-a': 3 }, { topics })
    expect(found.topics).toMatchObject([{ source: 'orders-b', action: 'none', targetPartitions: 3 }])
    expect(codes(found.warnings)).toEqual(['MR_TOPICS_MERGED'])
  })

  it('does not look into targets that have nothing to do with the change', async () => {
    const source = new FakeCluster('source').topic('orders').topic('orders-late')
    const target = new FakeCluster('target').topic('orders', [{}], { 'max.message.bytes': '10' })
    expect((await discover(source, target, { orders: 1 })).refusals).toEqual([])
  })

  it('refuses a late topic whose target would harm it, by name', async () => {
    const source = new FakeCluster('source').topic('orders').topic('orders-late')
    const target = new FakeCluster('target').topic('orders-late', [{}], { 'max.message.bytes': '10' })
    expect((await discover(source, target, { orders: 1 })).refusals).toMatchObject([
      { code: 'MR_TARGET_REJECTS', topic: 'orders-late' }
    ])
  })

  it('goes on where another worker of the group has begun already', async () => {
    const source = new FakeCluster('source').topic('orders', [{}, { times }]).commit('orders', 1, 1)
    const target = new FakeCluster('target').topic('orders', [{}, {}])
    const found = await discover(source, target, { orders: 1 })
    expect(found.topics[0]?.partitions).toMatchObject([{ partition: 1, start: 1, startReason: 'committed' }])
  })

  it('tells topics that are gone', async () => {
    expect(await discover(new FakeCluster('source'), new FakeCluster('target'), { orders: 1 })).toMatchObject({
      gone: ['orders'],
      topics: []
    })
  })
})
