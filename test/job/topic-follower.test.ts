import { describe, expect, it } from 'vitest'
import type { JobConfig } from '../../src/config/job-config.ts'
import { TopicFollower } from '../../src/job/topic-follower.ts'
import type { JobEvent } from '../../src/telemetry/events.ts'
import { FakeCluster } from '../control/fake-cluster.ts'
import { jobWith, planOf } from '../control/plan-of.ts'

const security = { protocol: 'PLAINTEXT', verifyHostname: true } as const

function configured(): JobConfig {
  const job = jobWith({ topics: { include: ['/orders.*/'] } })
  return {
    ...job,
    onLoss: 'stop',
    source: { ...job.source, bootstrapServers: 'a:9092', security, properties: {} },
    target: { ...job.target, bootstrapServers: 'b:9092', security, properties: {} },
    topics: { ...job.topics, discoveryIntervalMs: 30_000 },
    limits: { ...job.limits, rate: {} },
    onBadRecord: 'stop',
    deadLetter: { topic: 'dead' },
    restarts: { most: 20, windowMs: 3_600_000 },
    stateDir: '/var/lib/millrace',
    checkpoint: { intervalMs: 5000, drainTimeoutMs: 30_000 },
    log: { level: 'info', format: 'text', maxSizeBytes: 50_000_000, maxFiles: 5 },
    http: {},
    metrics: { intervalMs: 15_000, maxPartitions: 1000 },
    traces: { ratio: 0.01, always: [], failed: true, maxLinks: 16 },
    otlp: { headers: {} }
  }
}

async function following(source: FakeCluster, target: FakeCluster) {
  const job = configured()
  const plan = await planOf(source, target, jobWith({ topics: { include: ['/orders.*/'] } }))
  const events: JobEvent[] = []
  const follower = new TopicFollower({ job, plan, source, target, onEvent: (event) => events.push(event) })
  return { follower, events }
}

describe('a topic that comes while the job runs', () => {
  it('is known only when the target has it', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target').topic('orders')
    const { follower, events } = await following(source, target)
    source.topic('orders-late', [{}, {}])
    expect(() => follower.routeOf('orders-late')).toThrow(
      expect.objectContaining({ code: 'MR_TOPIC_UNKNOWN', kind: 'retry' })
    )
    expect((await follower.look()).map((topic) => topic.source)).toEqual(['orders-late'])
    expect(target.changes).toEqual(['create orders-late 2'])
    expect(follower.routeOf('orders-late')).toEqual({
      source: 'orders-late',
      target: 'orders-late',
      targetPartitions: 2
    })
    expect(events).toMatchObject([
      { type: 'topic-found', topic: 'orders-late' },
      { type: 'topic-created', topic: 'orders-late', partitions: 2 }
    ])
  })

  it('that is asked for while the job runs is copied like one that a pattern finds', async () => {
    const source = new FakeCluster('source').topic('orders').topic('payments', [{}])
    const target = new FakeCluster('target').topic('orders')
    const { follower, events } = await following(source, target)
    expect(await follower.look()).toEqual([])
    follower.include(['payments'])
    expect((await follower.look()).map((topic) => topic.source)).toEqual(['payments'])
    expect(target.changes).toEqual(['create payments 1'])
    expect(events).toMatchObject([{ type: 'topic-found', topic: 'payments' }, { type: 'topic-created' }])
  })

  it('whose target can not be made is not known, and is looked for again', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target').topic('orders')
    const { follower } = await following(source, target)
    source.topic('orders-late')
    const create = target.createTopics.bind(target)
    target.createTopics = async () => await Promise.reject(new Error('no controller'))
    await expect(follower.look()).rejects.toThrow('no controller')
    expect(follower.topics.map((topic) => topic.source)).toEqual(['orders'])
    target.createTopics = create
    expect(await follower.look()).toHaveLength(1)
  })

  it('that the target would harm is not copied, and that is told once', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target').topic('orders')
    const { follower, events } = await following(source, target)
    source.topic('orders-late')
    target.topic('orders-late', [{}], { 'max.message.bytes': '10' })
    expect(await follower.look()).toEqual([])
    expect(await follower.look()).toEqual([])
    expect(events).toMatchObject([
      { type: 'warning', error: { code: 'MR_TARGET_REJECTS', place: { topic: 'orders-late' } } }
    ])
  })
})

describe('a topic that grows while the job runs', () => {
  it('has its target grown before its new partitions are known', async () => {
    const source = new FakeCluster('source').topic('orders', [{}, {}])
    const target = new FakeCluster('target').topic('orders', [{}, {}])
    const { follower, events } = await following(source, target)
    source.topic('orders', [{}, {}, {}])
    await follower.ensure([{ topic: 'orders', partition: 2 }])
    expect(target.changes).toEqual(['grow orders 3'])
    expect(follower.topics[0]?.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2])
    expect(follower.routeOf('orders').targetPartitions).toBe(3)
    expect(events).toMatchObject([{ type: 'topic-grown', topic: 'orders', partitions: 3 }])
  })

  it('is not looked for while every partition is known', async () => {
    const source = new FakeCluster('source').topic('orders', [{}, {}])
    const { follower } = await following(source, new FakeCluster('target').topic('orders', [{}, {}]))
    source.listTopics = async () => await Promise.reject(new Error('asked'))
    await follower.ensure([{ topic: 'orders', partition: 1 }])
    await expect(follower.ensure([{ topic: 'orders', partition: 2 }])).rejects.toThrow('asked')
  })
})

describe('looking', () => {
  it('twice at a time is looking once', async () => {
    const source = new FakeCluster('source').topic('orders')
    const target = new FakeCluster('target').topic('orders')
    const { follower } = await following(source, target)
    source.topic('orders-late')
    const [first, second] = await Promise.all([follower.look(), follower.look()])
    expect(second).toBe(first)
    expect(target.changes).toEqual(['create orders-late 1'])
  })

  it('tells a topic that is gone once, and keeps what it knew', async () => {
    const source = new FakeCluster('source').topic('orders')
    const { follower, events } = await following(source, new FakeCluster('target').topic('orders'))
    source.topics.delete('orders')
    await follower.look()
    await follower.look()
    expect(events).toMatchObject([{ type: 'warning', error: { code: 'MR_TOPIC_GONE' } }])
    expect(follower.topics).toHaveLength(1)
  })
})
