import { describe, expect, it } from 'vitest'
import type { FakeCluster } from '../../client/fake-cluster.ts'
import { FakeCluster as Cluster } from '../../client/fake-cluster.ts'
import { FakeAdmin } from '../../client/fake-admin.ts'
import { JobProgress } from '../../../src/job/job-progress.ts'
import { LossBook } from '../../../src/job/loss/loss-book.ts'
import { LossWatch } from '../../../src/job/loss/loss-watch.ts'
import type { Loss, LossPolicy } from '../../../src/model/loss.ts'
import type { PartitionOffset, TopicPartition } from '../../../src/model/topic-partition.ts'
import { statusOf, topicPlan } from '../statuses.ts'

const at = { topic: 'orders', partition: 0 }
const records = (count: number) => Array.from({ length: count }, (_, index) => ({ value: String(index) }))

interface Watched {
  readonly source: FakeCluster
  readonly target: FakeCluster
  readonly progress: JobProgress
  readonly book: LossBook
  readonly watch: LossWatch
  readonly losses: Loss[]
  readonly stopped: TopicPartition[]
  readonly reassigned: TopicPartition[]
  readonly delivered: PartitionOffset[]
  readonly copied: (position: number, idle?: true) => void
}

/** `orders` with 20 records a partition, copied up to 15, looked at once while all was well: by a check, or before any. */
async function watched(
  policy: LossPolicy = 'stop',
  partitions = 2,
  topicIds = true,
  first: 'check' | 'look' = 'check'
): Promise<Watched> {
  const [source, target] = [new Cluster(), new Cluster()]
  for (const cluster of [source, target]) cluster.createTopic('orders', partitions)
  for (let partition = 0; partition < partitions; partition += 1) {
    source.append('orders', partition, ...records(20))
    target.append('orders', partition, ...records(15))
  }
  const progress = new JobProgress()
  const copied = (position: number, idle?: true) =>
    progress.record(
      0,
      Array.from({ length: partitions }, (_, partition) => statusOf(partition, { position, ...(idle && { idle }) }))
    )
  copied(15)
  const losses: Loss[] = []
  const [stopped, reassigned]: [TopicPartition[], TopicPartition[]] = [[], []]
  const delivered: PartitionOffset[] = []
  const book = new LossBook(
    () => policy,
    (loss) => losses.push(loss)
  )
  const sourceAdmin = new FakeAdmin(source, 'source')
  sourceAdmin.topicIds = topicIds
  const watch = new LossWatch({
    source: sourceAdmin,
    target: new FakeAdmin(target, 'target'),
    partitions: 'same',
    book,
    topics: () => [topicPlan('orders', partitions)],
    progress,
    delivered: () => delivered,
    stopPartitions: (of) => stopped.push(...of.map(({ topic, partition }) => ({ topic, partition }))),
    reassign: (of) => reassigned.push(...of.map(({ topic, partition }) => ({ topic, partition }))),
    onStopped: () => undefined
  })
  if (first === 'look') await watch.look([at])
  else await watch.check()
  expect(losses).toEqual([])
  return { source, target, progress, book, watch, losses, stopped, reassigned, delivered, copied }
}

describe('a running job whose source loses records', () => {
  it('stops only the partition that was overtaken, once it is sure that nothing was fetched ahead', async () => {
    const { source, watch, losses, stopped, progress, copied, book } = await watched()
    source.removeBefore('orders', 0, 18)
    await watch.check()
    expect(losses).toEqual([])
    copied(15, true)
    await watch.check()
    expect(losses).toMatchObject([{ ...at, code: 'MR_LOSS', outcome: 'stopped', lost: { from: 15, to: 18 } }])
    expect(stopped).toEqual([at])
    expect(progress.stateOf(at)).toBe('stopped')
    expect(progress.stateOf({ ...at, partition: 1 })).toBe('copying')
    expect(book.stopOf(at)?.message).toContain('offsets 15 to 17 of orders-0')
    await watch.check()
    expect(losses).toHaveLength(1)
  })

  it('lets the partition begin anew where that is accepted; what was noticed is kept for then', async () => {
    const { source, watch, reassigned, losses, book, copied } = await watched('continue')
    source.removeBefore('orders', 0, 18)
    copied(15, true)
    await watch.check()
    expect(reassigned).toEqual([at])
    expect(losses).toEqual([])
    expect(book.noticedOf(at)?.found).toMatchObject({ kind: 'overtaken' })
  })

  it.each([3, 99])('sees that the topic was made again, %i records long', async (length) => {
    const { source, watch, losses, stopped, copied } = await watched()
    copied(17)
    source.deleteTopic('orders')
    source.createTopic('orders', 2)
    for (const partition of [0, 1]) source.append('orders', partition, ...records(length))
    await watch.check()
    expect(losses).toMatchObject([
      { ...at, code: 'MR_TOPIC_REMADE', lost: { from: 17, to: 20 }, writtenSince: { from: 15, to: 17 } },
      { ...at, partition: 1, code: 'MR_TOPIC_REMADE' }
    ])
    expect(stopped).toHaveLength(2)
  })

  it.each([3, 99])(
    'sees it without topic ids, too, if the new records have new timestamps: %i records',
    async (length) => {
      const { source, watch, losses } = await watched('stop', 1, false)
      source.append('orders', 0, { value: 'a', timestamp: Date.now() + 1 })
      await watch.check()
      expect(losses).toEqual([])
      source.deleteTopic('orders')
      source.createTopic('orders', 1)
      source.append('orders', 0, ...records(length).map((record) => ({ ...record, timestamp: Date.now() + 1000 })))
      await watch.check()
      expect(losses).toMatchObject([{ kind: 'remade' }])
    }
  )

  it('sees it without topic ids before the first check, too, and however often a worker is given the partition', async () => {
    const { source, watch, losses } = await watched('stop', 1, false, 'look')
    source.deleteTopic('orders')
    source.createTopic('orders', 1)
    source.append('orders', 0, ...records(99).map((record) => ({ ...record, timestamp: Date.now() + 1000 })))
    await watch.look([at])
    await watch.check()
    expect(losses).toMatchObject([{ ...at, kind: 'remade', outcome: 'stopped' }])
  })

  it('takes no records for those of another topic that were written in time after the first look', async () => {
    const { source, watch, losses } = await watched('stop', 1, false, 'look')
    source.append('orders', 0, { value: 'a', timestamp: Date.now() + 1000 })
    await watch.check()
    source.append('orders', 0, { value: 'b', timestamp: Date.now() + 2000 })
    await watch.check()
    expect(losses).toEqual([])
  })

  it('says of a deleted topic that it is deleted, whoever has its partitions', async () => {
    const { source, watch, losses, progress } = await watched()
    progress.record(0, [statusOf(1, { state: 'revoked', position: 15 })])
    source.deleteTopic('orders')
    await watch.check()
    expect(losses.map(({ code }) => code)).toEqual(['MR_TOPIC_DELETED', 'MR_TOPIC_DELETED'])
    expect([0, 1].map((partition) => progress.stateOf({ topic: 'orders', partition }))).toEqual(['deleted', 'deleted'])
    expect(progress.isAccepted(at)).toBe(false)
  })

  it('has nothing against a partition that grows, loses what was copied, or is complete', async () => {
    const { source, watch, losses, copied, progress } = await watched()
    source.removeBefore('orders', 0, 15)
    source.append('orders', 0, ...records(5))
    copied(18)
    await watch.check()
    progress.record(
      0,
      [0, 1].map((partition) => statusOf(partition, { state: 'completed', position: 20 }))
    )
    source.deleteTopic('orders')
    await watch.check()
    expect(losses).toEqual([])
  })
})

describe('a partition whose reader met an error', () => {
  const reason = { code: 'MR_SOURCE_PARTITION', message: 'm', next: 'n', place: {} }

  it('stops for the loss that was behind it', async () => {
    const { source, watch, losses, stopped, copied } = await watched()
    source.removeBefore('orders', 0, 18)
    copied(15, true)
    watch.doubt(at, reason)
    expect(watch.hasDoubts).toBe(true)
    await watch.check()
    expect(losses).toHaveLength(1)
    expect(stopped).toEqual([at])
    expect(watch.hasDoubts).toBe(false)
  })

  it('stops for the error where nothing was lost', async () => {
    const { watch, losses, stopped } = await watched()
    watch.doubt(at, reason)
    await watch.check()
    expect(losses).toEqual([])
    expect(stopped).toEqual([at])
  })
})

describe('a running job whose target loses records', () => {
  it('stops what goes to the partition that ends below what it acknowledged', async () => {
    const { watch, losses, delivered, stopped } = await watched()
    delivered.push({ ...at, offset: 15 }, { ...at, partition: 1, offset: 40 })
    await watch.check()
    expect(losses).toMatchObject([{ ...at, partition: 1, code: 'MR_TARGET_LOST', outcome: 'stopped' }])
    expect(stopped).toEqual([{ ...at, partition: 1 }])
  })

  it('tells it once where that is accepted, and goes on', async () => {
    const { watch, losses, delivered, stopped } = await watched('continue')
    delivered.push({ ...at, offset: 40 })
    await watch.check()
    await watch.check()
    expect(losses).toMatchObject([{ code: 'MR_TARGET_LOST', outcome: 'continued' }])
    expect(stopped).toEqual([])
  })

  it.each<LossPolicy>(['stop', 'continue'])('stops the topic whose target was deleted (onLoss: %s)', async (policy) => {
    const { target, watch, losses, stopped } = await watched(policy)
    target.deleteTopic('orders')
    await watch.check()
    expect(losses.map(({ code, outcome }) => [code, outcome])).toEqual([
      ['MR_TARGET_DELETED', 'stopped'],
      ['MR_TARGET_DELETED', 'stopped']
    ])
    expect(stopped).toHaveLength(2)
  })

  it('sees that the target was made again', async () => {
    const { target, watch, losses, delivered } = await watched()
    delivered.push({ ...at, offset: 15 })
    target.deleteTopic('orders')
    target.createTopic('orders', 2)
    target.append('orders', 0, ...records(50))
    await watch.check()
    expect(losses).toMatchObject([{ code: 'MR_TARGET_DELETED' }, { code: 'MR_TARGET_DELETED' }])
  })
})
