import { describe, expect, it } from 'vitest'
import type { TopicRules } from '../../src/control/plan-job.ts'
import type { Plan } from '../../src/control/plan-types.ts'
import { formatCommitMetadata } from '../../src/model/commit-metadata.ts'
import { FakeCluster, type FakePartition } from './fake-cluster.ts'
import { jobWith, planOf } from './plan-of.ts'

/** Sources with this many partitions; all are committed at 5 of 10. */
function sourceWith(topics: Record<string, number>): FakeCluster {
  const source = new FakeCluster('source')
  for (const [topic, count] of Object.entries(topics)) {
    source.topic(
      topic,
      Array.from({ length: count }, () => ({ end: 10 }))
    )
    for (let partition = 0; partition < count; partition++) source.commit(topic, partition, 5)
  }
  return source
}

/** What the commit says: the target partition has acknowledged up to `end`. */
function acknowledged(source: FakeCluster, topic: string, partition: number, targetId: string, end: number): void {
  const metadata = formatCommitMetadata({ targetId, target: { partition, end } })
  source.commits.set(`${topic}-${partition}`, { topic, partition, offset: 5, metadata })
}

function targetWith(topic: string, id: string, partitions: FakePartition[]): FakeCluster {
  const target = new FakeCluster('target')
  target.topics.set(topic, { partitions, id })
  return target
}

const found = ({ topics }: Plan) =>
  Object.fromEntries(
    topics.flatMap(({ source, partitions }) =>
      partitions.map(({ partition, loss }) => [`${source}-${partition}`, loss && `${loss.kind} ${loss.outcome}`])
    )
  )

describe('what the target lost, by the commits', () => {
  it('is nothing where its logs reach as far as it acknowledged, or nothing is known of that', async () => {
    const source = sourceWith({ orders: 2 })
    acknowledged(source, 'orders', 0, 'A', 7)
    const plan = await planOf(source, targetWith('orders', 'A', [{ end: 7 }, { end: 0 }]))
    expect(found(plan)).toEqual({ 'orders-0': undefined, 'orders-1': undefined })
  })

  it('stops the partition whose records are gone', async () => {
    const source = sourceWith({ orders: 2 })
    acknowledged(source, 'orders', 0, 'A', 7)
    acknowledged(source, 'orders', 1, 'A', 7)
    const plan = await planOf(source, targetWith('orders', 'A', [{ end: 3 }, { end: 7 }]))
    expect(found(plan)).toEqual({ 'orders-0': 'target-lost stopped', 'orders-1': undefined })
  })

  it('stops a topic whose target is gone, which is not made again unless that is accepted', async () => {
    const source = sourceWith({ orders: 2 })
    acknowledged(source, 'orders', 0, 'A', 7)
    const stopped = await planOf(source, new FakeCluster('target'))
    expect(found(stopped)).toEqual({ 'orders-0': 'target-deleted stopped', 'orders-1': 'target-deleted stopped' })
    expect(stopped.topics[0]).toMatchObject({ action: 'none' })
    const accepted = await planOf(source, new FakeCluster('target'), jobWith({ onLoss: 'continue' }))
    expect(accepted.topics[0]).toMatchObject({ action: 'create', partitions: [{ start: 5 }, { start: 5 }] })
  })

  it('concerns each of several topics of one target by its own commits', async () => {
    const topics: Partial<TopicRules> = {
      include: ['orders', 'clicks'],
      overrides: { orders: 'all', clicks: 'all' },
      settings: { clicks: { onLoss: 'continue' } }
    }
    const source = sourceWith({ orders: 1, clicks: 1 })
    // All was made again: clicks accepted that and went on, orders stopped.
    const target = targetWith('all', 'B', [{ end: 20 }])
    for (const [ofOrders, ofClicks] of [
      [7, 15],
      [15, 7]
    ] as const) {
      acknowledged(source, 'orders', 0, 'A', ofOrders)
      acknowledged(source, 'clicks', 0, 'B', ofClicks)
      const plan = await planOf(source, target, jobWith({ topics }))
      expect(found(plan)).toEqual({ 'orders-0': 'target-deleted stopped', 'clicks-0': undefined })
    }
  })
})
