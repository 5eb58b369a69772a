import { describe, expect, it } from 'vitest'
import { FakeCluster, type BROKER_DEFAULTS } from './fake-cluster.ts'
import { codes, DAY, HOUR, jobWith, NOW, planOf } from './plan-of.ts'

const LONG_MAX = '9223372036854775807'
const recent = { times: [NOW - HOUR, NOW - HOUR + 1] }

type Version = keyof typeof BROKER_DEFAULTS

function pair(from: Version = '3.9', to: Version = '3.9'): { source: FakeCluster; target: FakeCluster } {
  return { source: new FakeCluster('source', from), target: new FakeCluster('target', to) }
}

describe('a missing target topic', () => {
  it.each([
    ['same', 'auto', 5],
    ['same', 'source', 5],
    ['same', 8, 8],
    ['zero', 'auto', 3],
    ['sticky', 'auto', 3],
    ['sticky', 'source', 5],
    ['sticky', 2, 2]
  ] as const)(
    'with partitions: %s and create.partitions: %s gets %i partitions',
    async (partitions, wanted, expected) => {
      const { source, target } = pair()
      source.topic('orders', [{}, {}, {}, {}, {}])
      const plan = await planOf(source, target, jobWith({ partitions, topics: { create: { partitions: wanted } } }))
      expect(plan.topics[0]).toMatchObject({
        action: 'create',
        targetPartitions: expected,
        orderKept: partitions !== 'sticky'
      })
      expect(plan.refusals).toEqual([])
    }
  )

  it('is not made with fewer partitions than partitions: same needs', async () => {
    const { source, target } = pair()
    source.topic('orders', [{}, {}, {}])
    const plan = await planOf(source, target, jobWith({ topics: { create: { partitions: 2 } } }))
    expect(codes(plan.refusals)).toEqual(['MR_TOO_FEW_PARTITIONS'])
  })

  it('has room for the largest of its sources', async () => {
    const { source, target } = pair()
    source.topic('a', [{}]).topic('b', [{}, {}, {}, {}])
    const plan = await planOf(source, target, jobWith({ topics: { include: ['a', 'b'], targetName: 'all' } }))
    expect(plan.topics.map((topic) => [topic.target, topic.targetPartitions])).toEqual([
      ['all', 4],
      ['all', 4]
    ])
    expect(codes(plan.warnings)).toEqual(['MR_TOPICS_MERGED'])
  })

  it('keeps what its source keeps, also where that is only the broker’s setting', async () => {
    const { source, target } = pair()
    source.broker['log.retention.ms'] = '-1'
    source.topic('orders', [recent], { 'max.message.bytes': '5000000', 'cleanup.policy': 'compact,delete' })
    const plan = await planOf(source, target)
    expect(plan.topics[0]?.configs).toEqual({
      'cleanup.policy': 'compact,delete',
      'max.message.bytes': '5000000',
      'message.timestamp.type': 'CreateTime',
      'retention.ms': '-1'
    })
  })

  it('says what the source has by default where the target’s defaults differ', async () => {
    const { source, target } = pair()
    Object.assign(target.broker, { 'log.retention.hours': '1', 'log.cleanup.policy': 'compact' })
    source.topic('orders', [recent])
    expect((await planOf(source, target)).topics[0]?.configs).toMatchObject({
      'cleanup.policy': 'delete',
      'retention.ms': String(7 * DAY)
    })
  })

  it('keeps timestamps although the source or the target restamps', async () => {
    const { source, target } = pair()
    source.topic('orders', [recent], { 'message.timestamp.type': 'LogAppendTime' })
    target.broker['log.message.timestamp.type'] = 'LogAppendTime'
    const plan = await planOf(source, target)
    expect(plan.topics[0]?.configs).toEqual({ 'message.timestamp.type': 'CreateTime' })
    expect([...plan.refusals, ...plan.warnings]).toEqual([])
  })

  it('asks for no more in-sync replicas than it has', async () => {
    const { source, target } = pair()
    target.brokers = 3
    source.topic('orders', [recent], { 'min.insync.replicas': '2' })
    expect((await planOf(source, target)).topics[0]?.configs).not.toHaveProperty('min.insync.replicas')
    target.broker['default.replication.factor'] = '3'
    expect((await planOf(source, target)).topics[0]?.configs).toHaveProperty('min.insync.replicas', '2')
  })

  it('can’t have more replicas than there are brokers', async () => {
    const { source, target } = pair()
    source.topic('orders')
    const plan = await planOf(source, target, jobWith({ topics: { create: { replicationFactor: 3 } } }))
    expect(codes(plan.refusals)).toEqual(['MR_REPLICATION_FACTOR'])
  })

  it.each([
    ['2.7', '4.1', { 'message.timestamp.after.max.ms': LONG_MAX }],
    ['3.9', '4.1', { 'message.timestamp.after.max.ms': LONG_MAX }],
    ['4.1', '4.1', {}],
    ['4.1', '3.9', { 'message.timestamp.after.max.ms': String(HOUR) }],
    ['4.1', '2.7', {}],
    ['2.7', '3.9', {}]
  ] as const)('takes the future records of %s on %s, in names that it knows', async (from, to, expected) => {
    const { source, target } = pair(from, to)
    source.topic('orders', [recent])
    const plan = await planOf(source, target)
    expect(plan.topics[0]?.configs).toEqual({ 'message.timestamp.type': 'CreateTime', ...expected })
    expect(plan.warnings).toEqual([])
  })

  it('takes records of any age, because a copy arrives later than its original', async () => {
    const { source, target } = pair('3.9', '4.1')
    target.broker['log.message.timestamp.before.max.ms'] = String(DAY)
    source.topic('orders', [recent], { 'message.timestamp.before.max.ms': String(HOUR) })
    expect((await planOf(source, target)).topics[0]?.configs).toHaveProperty(
      ['message.timestamp.before.max.ms'],
      LONG_MAX
    )
  })

  it('never sends a configuration that the target’s version does not know', async () => {
    const { source, target } = pair('2.7', '4.1')
    source.topic('orders', [recent], { 'message.format.version': '2.7', 'message.timestamp.difference.max.ms': '1000' })
    const names = Object.keys((await planOf(source, target)).topics[0]?.configs ?? {})
    expect(names).toEqual(['message.timestamp.after.max.ms', 'message.timestamp.type'])
  })

  it('has segments as large as Kafka 4 insists on', async () => {
    const old = pair('2.7', '2.7')
    const late = pair('2.7', '4.1')
    for (const { source } of [old, late]) source.topic('orders', [recent], { 'segment.bytes': '100000' })
    expect((await planOf(old.source, old.target)).topics[0]?.configs['segment.bytes']).toBe('100000')
    expect((await planOf(late.source, late.target)).topics[0]?.configs['segment.bytes']).toBe('1048576')
  })

  it('is as topics.create.configs says, with a warning where that harms', async () => {
    const { source, target } = pair()
    source.topic('orders', [recent], { 'retention.ms': '-1' })
    const configs = { 'retention.ms': '1000', 'flush.ms': '5' }
    const plan = await planOf(source, target, jobWith({ topics: { create: { configs } } }))
    expect(plan.topics[0]?.configs).toMatchObject(configs)
    expect([codes(plan.refusals), codes(plan.warnings)]).toEqual([[], ['MR_TARGET_DELETES']])
  })

  it('keeps as long as the longest of its sources and compacts only if all do', async () => {
    const { source, target } = pair()
    source
      .topic('a', [recent], { 'cleanup.policy': 'compact' })
      .topic('b', [recent], { 'retention.ms': String(30 * DAY) })
    const plan = await planOf(source, target, jobWith({ topics: { include: ['a', 'b'], targetName: 'all' } }))
    expect(plan.topics[0]?.configs).toMatchObject({ 'retention.ms': '-1' })
    expect(plan.topics[0]?.configs).not.toHaveProperty('cleanup.policy')
    expect(codes(plan.warnings)).toEqual(['MR_TOPICS_MERGED'])
  })
})

describe('an existing target topic', () => {
  const harms: [string, 'delete' | 'restamp' | 'reject', Record<string, string>, Record<string, string>][] = [
    ['MR_TARGET_DELETES', 'delete', {}, { 'retention.ms': String(HOUR * 2) }],
    ['MR_TARGET_DELETES', 'delete', { 'retention.ms': '-1' }, {}],
    ['MR_TARGET_DELETES', 'delete', { 'cleanup.policy': 'compact' }, { 'cleanup.policy': 'compact,delete' }],
    ['MR_TARGET_DELETES', 'delete', {}, { 'retention.bytes': '1000' }],
    ['MR_TARGET_RESTAMPS', 'restamp', {}, { 'message.timestamp.type': 'LogAppendTime' }],
    ['MR_TARGET_REJECTS', 'reject', {}, { 'max.message.bytes': '1000' }],
    ['MR_TARGET_REJECTS', 'reject', {}, { 'message.timestamp.after.max.ms': String(HOUR) }],
    ['MR_TARGET_REJECTS', 'reject', {}, { 'message.timestamp.difference.max.ms': String(DAY) }],
    ['MR_TARGET_REJECTS', 'reject', {}, { 'message.format.version': '0.10.2-IV0' }]
  ]
  it.each(harms)('%s: refused, and taken when %s is accepted (source %j, target %j)', async (code, kind, from, to) => {
    const { source, target } = pair()
    source.topic('orders', [recent], from)
    target.topic('orders', [{}], to)
    expect(codes((await planOf(source, target)).refusals)).toContain(code)
    const accepted = await planOf(source, target, jobWith({ target: { accept: [kind] } }))
    expect(codes(accepted.refusals)).not.toContain(code)
    expect(codes(accepted.warnings)).toContain(code)
  })

  it('that compacts what its source does not deletes and rejects', async () => {
    const { source, target } = pair()
    source.topic('orders', [recent], { 'retention.ms': '-1' })
    target.topic('orders', [{}], { 'cleanup.policy': 'compact' })
    expect(codes((await planOf(source, target)).refusals)).toEqual(['MR_TARGET_DELETES', 'MR_TARGET_REJECTS'])
  })

  it.each([
    [{}, {}],
    [{ 'cleanup.policy': 'compact' }, { 'cleanup.policy': 'compact' }],
    [{ 'retention.ms': String(DAY) }, { 'retention.ms': '-1' }],
    [{ 'max.message.bytes': '1000' }, {}]
  ])('that does no harm is taken (source %j, target %j)', async (from, to) => {
    const { source, target } = pair()
    source.topic('orders', [recent], from)
    target.topic('orders', [{}], to)
    const plan = await planOf(source, target)
    expect([...plan.refusals, ...plan.warnings]).toEqual([])
    expect(plan.topics[0]).toMatchObject({ action: 'none', configs: {} })
  })

  it('whose retention all records have passed already is refused, though its source has the same', async () => {
    const { source, target } = pair()
    source.topic('orders', [recent, { times: [NOW - 30 * DAY, NOW - 30 * DAY] }])
    target.topic('orders', [{}, {}])
    const plan = await planOf(source, target)
    expect(plan.refusals).toMatchObject([
      { code: 'MR_TARGET_DELETES', message: expect.stringContaining('every record of partition 1 ') }
    ])
  })

  it('warns when some records are older than its retention', async () => {
    const { source, target } = pair()
    source.topic('orders', [{ times: [NOW - 30 * DAY, NOW - HOUR] }])
    target.topic('orders')
    const plan = await planOf(source, target)
    expect([codes(plan.refusals), codes(plan.warnings)]).toEqual([[], ['MR_OLD_RECORDS']])
  })

  it('that refuses old records is refused when there are such, whatever the source says', async () => {
    const { source, target } = pair()
    const limit = { 'message.timestamp.before.max.ms': String(DAY) }
    source.topic('orders', [{ times: [NOW - 2 * DAY, NOW - HOUR] }], limit)
    target.topic('orders', [{}], limit)
    expect(codes((await planOf(source, target)).refusals)).toEqual(['MR_TARGET_REJECTS'])
  })

  it('is grown for partitions: same, or refused', async () => {
    const { source, target } = pair()
    source.topic('orders', [{}, {}, {}])
    target.topic('orders')
    expect((await planOf(source, target)).topics[0]).toMatchObject({
      action: 'grow',
      targetPartitionsNow: 1,
      targetPartitions: 3
    })
    const fixed = await planOf(source, target, jobWith({ topics: { create: { grow: false } } }))
    expect(codes(fixed.refusals)).toEqual(['MR_TARGET_TOO_FEW_PARTITIONS'])
  })

  it('keeps its partitions when it has more, or when nothing needs as many', async () => {
    const { source, target } = pair()
    source.topic('orders', [{}, {}, {}])
    target.topic('orders', [{}, {}, {}, {}, {}])
    expect((await planOf(source, target)).topics[0]).toMatchObject({ action: 'none', targetPartitions: 5 })
    target.topic('orders', [{}])
    const zero = await planOf(source, target, jobWith({ partitions: 'zero' }))
    expect(zero.topics[0]).toMatchObject({ action: 'none', targetPartitions: 1, orderKept: true })
  })
})

describe('the mapping of a plan', () => {
  it('is no loop on two clusters, and refused on one', async () => {
    const { source, target } = pair()
    source.topic('orders')
    expect((await planOf(source, target)).refusals).toEqual([])
    expect(codes((await planOf(source, source)).refusals)).toEqual(['MR_MIRROR_LOOP'])
  })

  it('is refused on one cluster when a target would be found by a pattern later', async () => {
    const { source } = pair()
    source.topic('orders')
    const targetName = 'dr.#{source_Topic_name}'
    const loop = await planOf(source, source, jobWith({ topics: { include: ['/.*/'], targetName } }))
    expect(codes(loop.refusals)).toEqual(['MR_MIRROR_LOOP'])
    const sound = { include: ['/.*/'], exclude: ['/^dr\\./'], targetName }
    expect((await planOf(source, source, jobWith({ topics: sound }))).refusals).toEqual([])
  })

  it('tells an override that meets another topic’s name', async () => {
    const { source, target } = pair()
    source.topic('orders').topic('old')
    const topics = { include: ['orders', 'old'], overrides: { old: 'orders' } }
    expect(codes((await planOf(source, target, jobWith({ topics }))).warnings)).toEqual(['MR_TOPICS_COLLIDE'])
  })

  it('tells an override of nothing', async () => {
    const { source, target } = pair()
    source.topic('orders')
    const plan = await planOf(source, target, jobWith({ topics: { overrides: { order: 'x' } } }))
    expect(plan.warnings).toMatchObject([{ code: 'MR_OVERRIDE_UNUSED', next: 'Did you mean orders?' }])
  })

  it('refuses names that Kafka would refuse', async () => {
    const { source, target } = pair()
    source.topic('orders').topic('a.b')
    target.topic('a_b')
    const bad = await planOf(source, target, jobWith({ topics: { targetName: 'dr/#{source_Topic_name}' } }))
    expect(codes(bad.refusals)).toEqual(['MR_TARGET_NAME_INVALID'])
    const alike = await planOf(source, target, jobWith({ topics: { include: ['a.b'] } }))
    expect(codes(alike.refusals)).toEqual(['MR_TARGET_NAMES_COLLIDE'])
    const both = { include: ['orders', 'a.b'], overrides: { orders: 'x.y', 'a.b': 'x_y' } }
    expect(codes((await planOf(source, target, jobWith({ topics: both }))).refusals)).toEqual([
      'MR_TARGET_NAMES_COLLIDE'
    ])
  })

  it('says that sticky keeps no order', async () => {
    const { source, target } = pair()
    source.topic('orders')
    const plan = await planOf(source, target, jobWith({ partitions: 'sticky' }))
    expect(codes(plan.warnings)).toEqual(['MR_ORDER_NOT_KEPT'])
    expect(plan.topics[0]?.orderKept).toBe(false)
  })
})
