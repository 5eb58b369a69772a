import { describe, expect, it } from 'vitest'
import { FakeCluster } from './fake-cluster.ts'
import { codes, DAY, HOUR, jobWith, NOW, planOf } from './plan-of.ts'

const records = (count: number, first = NOW - HOUR) => Array.from({ length: count }, (_, i) => first + i)

function pair(): { source: FakeCluster; target: FakeCluster } {
  return { source: new FakeCluster('source'), target: new FakeCluster('target') }
}

describe('makePlan', () => {
  it('plans a fresh copy: offsets, records, the topic to create, and touches nothing', async () => {
    const { source, target } = pair()
    source.topic('orders', [{ times: records(10) }, { logStart: 5, times: records(3) }])
    const plan = await planOf(source, target)
    expect(plan.refusals).toEqual([])
    expect(plan.warnings).toEqual([])
    expect(plan.progress).toBe('fresh')
    expect(plan.topics).toEqual([
      {
        source: 'orders',
        target: 'orders',
        sourcePartitions: 2,
        targetPartitionsNow: 0,
        targetPartitions: 2,
        action: 'create',
        replicationFactor: -1,
        configs: { 'message.timestamp.type': 'CreateTime' },
        orderKept: true,
        partitions: [
          { partition: 0, logStart: 0, end: 10, start: 0, startReason: 'earliest', records: 10 },
          { partition: 1, logStart: 5, end: 8, start: 5, startReason: 'earliest', records: 3 }
        ].map((partition) => ({ ...partition, committed: undefined, stop: undefined }))
      }
    ])
    expect([...source.changes, ...target.changes]).toEqual([])
  })

  it('goes on where the group was, and reads a partition without a commit from its first record', async () => {
    const { source, target } = pair()
    source.topic('orders', [{ times: records(10) }, { logStart: 5, times: records(3) }]).commit('orders', 0, 7)
    const plan = await planOf(source, target, jobWith({ start: { from: 'latest' } }), { hasRun: true })
    expect(plan.progress).toBe('resume')
    expect(plan.topics[0]?.partitions).toMatchObject([
      { start: 7, startReason: 'committed', records: 3 },
      { start: 5, startReason: 'new partition', records: 3 }
    ])
    expect(codes(plan.warnings)).toEqual(['MR_START_IGNORED'])
  })

  it('takes a topic as new when the group has commits only for others', async () => {
    const { source, target } = pair()
    source
      .topic('orders', [{ times: records(4) }])
      .topic('old', [{}])
      .commit('old', 0, 1)
    const plan = await planOf(source, target, jobWith({ start: { from: 'latest' } }))
    expect(plan.progress).toBe('resume')
    expect(plan.topics[0]?.partitions[0]).toMatchObject({ start: 0, startReason: 'new partition' })
    expect(codes(plan.warnings)).toEqual(['MR_START_IGNORED'])
  })

  it('says with --reset what is copied again', async () => {
    const { source, target } = pair()
    source.topic('orders', [{ times: records(10) }]).commit('orders', 0, 7)
    const plan = await planOf(source, target, jobWith(), { reset: true, hasRun: true })
    expect(plan.progress).toBe('reset')
    expect(plan.topics[0]?.partitions[0]).toMatchObject({ start: 0, committed: 7, records: 10 })
    expect(plan.warnings).toMatchObject([
      { code: 'MR_RESET', message: expect.stringContaining('up to 7 records of orders are copied again') }
    ])
    const skipping = await planOf(source, target, jobWith({ start: { from: 'latest' } }), { reset: true })
    expect(skipping.warnings[0]?.message).toContain('3 records that were not copied yet are left out')
  })

  it('refuses to begin anew when a job that has run finds no commits', async () => {
    const { source, target } = pair()
    source.topic('orders', [{ times: records(4) }])
    const plan = await planOf(source, target, jobWith(), { hasRun: true })
    expect(codes(plan.refusals)).toEqual(['MR_COMMITS_GONE'])
    expect(plan.refusals[0]?.message).toContain('7 days')
    expect(codes((await planOf(source, target, jobWith(), { hasRun: true, reset: true })).refusals)).toEqual([])
  })

  it('refuses start: committed without commits, and together with --reset', async () => {
    const { source, target } = pair()
    source.topic('orders', [{ times: records(4) }])
    const job = jobWith({ start: { from: 'committed' } })
    expect(codes((await planOf(source, target, job)).refusals)).toEqual(['MR_NO_COMMITS'])
    source.commit('orders', 0, 2)
    expect((await planOf(source, target, job)).refusals).toEqual([])
    expect(codes((await planOf(source, target, job, { reset: true })).refusals)).toEqual(['MR_RESET_COMMITTED'])
  })

  it('bounds a run by the end, by a past time, and not by a time to come', async () => {
    const { source, target } = pair()
    source.topic('orders', [{ times: records(10, NOW - 5) }, { times: records(2, NOW - DAY) }])
    const stops = async (job: Parameters<typeof jobWith>[0]) =>
      (await planOf(source, target, jobWith(job))).topics[0]?.partitions.map(({ stop, records }) => [stop, records])
    expect(await stops({ stop: { at: 'end' } })).toEqual([
      [10, 10],
      [2, 2]
    ])
    expect(await stops({ stop: { at: 'time', time: NOW } })).toEqual([
      [5, 5],
      [2, 2]
    ])
    expect(await stops({ stop: { at: 'time', time: NOW + 1 } })).toEqual([
      [undefined, 10],
      [undefined, 2]
    ])
  })

  it('tells a topic that is missing, and what may have been meant', async () => {
    const { source, target } = pair()
    source.topic('orders-eu').topic('payments')
    const plan = await planOf(source, target, jobWith({ topics: { include: ['orders-e', 'payments'] } }))
    expect(plan.refusals).toMatchObject([
      { code: 'MR_TOPIC_MISSING', topic: 'orders-e', next: 'Did you mean orders-eu?' }
    ])
  })

  it('tells a hidden topic from a missing one', async () => {
    const { source, target } = pair()
    source.unauthorized.add('orders')
    expect(codes((await planOf(source, target)).refusals)).toEqual(['MR_TOPIC_UNAUTHORIZED'])
  })

  it('does not take a topic without visible partitions for an empty one', async () => {
    const { source, target } = pair()
    source.topic('orders', [])
    source.unauthorized.add('orders')
    source.invisibleFor = 1
    expect(codes((await planOf(source, target)).refusals)).toEqual(['MR_TOPIC_UNAUTHORIZED'])
  })

  it('waits for topics that a pattern may find later, but not in a run with an end', async () => {
    const { source, target } = pair()
    source.topic('payments')
    const topics = { include: ['/orders.*/'] }
    const endless = await planOf(source, target, jobWith({ topics }))
    expect([codes(endless.refusals), codes(endless.warnings)]).toEqual([[], ['MR_PATTERN_MATCHES_NOTHING']])
    const bounded = await planOf(source, target, jobWith({ topics, stop: { at: 'end' } }))
    expect(codes(bounded.refusals)).toEqual(['MR_PATTERN_MATCHES_NOTHING'])
    expect(bounded.refusals[0]?.message).toContain('payments')
  })

  it('refuses a job whose exclusions leave nothing', async () => {
    const { source, target } = pair()
    source.topic('orders')
    const plan = await planOf(source, target, jobWith({ topics: { exclude: ['/ord.*/'] } }))
    expect(codes(plan.refusals)).toEqual(['MR_NOTHING_TO_MIRROR'])
  })

  it('warns of an exclusion that is without effect because it is not the whole name', async () => {
    const { source, target } = pair()
    source.topic('orders').topic('orders-secret')
    const plan = await planOf(source, target, jobWith({ topics: { include: ['/.*/'], exclude: ['/secret/'] } }))
    expect(codes(plan.warnings)).toEqual(['MR_PATTERN_WHOLE_NAME'])
    expect(plan.warnings[0]?.next).toContain('/.*secret.*/')
  })

  it('says which topics only the default exclusions leave out', async () => {
    const { source, target } = pair()
    source.topic('orders').topic('eu.heartbeats').topic('__consumer_offsets')
    const plan = await planOf(source, target, jobWith({ topics: { include: ['/.*/'] } }))
    expect(plan.topics.map((topic) => topic.source)).toEqual(['orders'])
    expect(plan.warnings).toMatchObject([
      { code: 'MR_EXCLUDED_BY_DEFAULT', message: expect.stringMatching(/matches: eu\.heartbeats\.$/) }
    ])
  })

  it.each([
    [{ 0: 11 }, 'MR_START_OFFSET_RANGE'],
    [{ 0: 2 }, 'MR_START_OFFSET_RANGE'],
    [{ 1: 4 }, 'MR_START_OFFSET_UNKNOWN']
  ])('refuses start offsets %j', async (offsets, code) => {
    const { source, target } = pair()
    source.topic('orders', [{ logStart: 3, times: records(7) }])
    const plan = await planOf(source, target, jobWith({ start: { from: 'offsets', offsets: { orders: offsets } } }))
    expect(codes(plan.refusals)).toEqual([code])
  })

  it('refuses start offsets of a topic that is not mirrored', async () => {
    const { source, target } = pair()
    source.topic('orders')
    const plan = await planOf(source, target, jobWith({ start: { from: 'offsets', offsets: { order: { 0: 0 } } } }))
    expect(codes(plan.refusals)).toEqual(['MR_START_OFFSET_UNKNOWN'])
  })

  it('refuses a memory limit that can’t be kept, with the arithmetic', async () => {
    const { source, target } = pair()
    source.topic('orders')
    const plan = await planOf(source, target, jobWith({ limits: { memory: 100 * 1024 * 1024 } }))
    expect(codes(plan.refusals)).toEqual(['MR_MEMORY_LIMIT'])
    expect(plan.refusals[0]?.message).toMatch(/least that works is \d+MiB: supervisor/)
  })

  it('plans without the right to read configurations, and says what that costs', async () => {
    const { source, target } = pair()
    source.topic('orders', [{ times: records(4) }]).configsForbidden = true
    target.topic('orders').configsForbidden = true
    const plan = await planOf(source, target)
    expect(plan.refusals).toEqual([])
    expect(codes(plan.warnings)).toEqual(['MR_DEFAULTS_UNKNOWN', 'MR_CONFIGS_UNREADABLE', 'MR_CONFIGS_UNREADABLE'])
    expect(plan.topics[0]).toMatchObject({ action: 'none', targetPartitions: 1 })
  })
})
