import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { administer, createTopic, endOffsets, writeRecords, type Cluster } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { expectRefusal, planOf, RuleGround, TRUE_COPY } from './rule-ground.ts'

// Target topics: how missing ones are created, when existing ones are grown, and which ones are refused.

const RECORDS = 40

describeWithBrokers('target topics', () => {
  let ground: RuleGround

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
    await createTopic(ground.source, 'four', 4)
    await writeRecords({ ...ground.source, topic: 'four', partitions: 4, records: RECORDS })
  })
  afterAll(() => ground?.stop())

  const configsOf = async (cluster: Cluster, topic: string): Promise<Record<string, string>> => {
    const entries = await administer<Record<string, { value: string }>>(cluster, 'describe_configs', { topic })
    return Object.fromEntries(Object.entries(entries).map(([name, { value }]) => [name, value]))
  }
  const partitionsOf = async (topic: string): Promise<number | undefined> =>
    (await administer<Record<string, number>>(ground.target, 'list_topics'))[topic]

  describe.concurrent('created', () => {
    it('with the configuration of the source topic, CreateTime, and what is overridden', async () => {
      const own = {
        'cleanup.policy': 'compact,delete',
        'compression.type': 'zstd',
        'max.message.bytes': '2000000',
        'min.compaction.lag.ms': '1000',
        'retention.ms': '1234567890',
        'retention.bytes': '987654321',
        'segment.bytes': '2097152',
        'segment.ms': '3600000'
      }
      await createTopic(ground.source, 'configured', 5, { ...own, 'message.timestamp.type': 'LogAppendTime' })
      await writeRecords({ ...ground.source, topic: 'configured', partitions: 5, records: RECORDS, keys: 'sequence' })
      const job = await ground.job('configured', {
        topics: {
          include: ['configured'],
          create: { configs: { 'segment.ms': 7_200_000, 'file.delete.delay.ms': 1000 } }
        }
      })
      const { plan } = await planOf(job)
      expect(plan.topics).toMatchObject([{ action: 'create', targetPartitions: 5 }])
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
      expect(run.stderr).toContain('Target topic configured was created with 5 partitions.')
      const made = await configsOf(ground.target, 'configured')
      expect(made).toMatchObject({
        ...own,
        'message.timestamp.type': 'CreateTime',
        'segment.ms': '7200000',
        'file.delete.delay.ms': '1000'
      })
      expect(plan.topics[0]?.configs).toMatchObject({ 'message.timestamp.type': 'CreateTime', 'segment.ms': '7200000' })
      expect(await partitionsOf('configured')).toBe(5)
      // The source's time of arrival is the record's time: it survives.
      expect(await ground.compare([['configured', 'configured']])).toMatchObject(TRUE_COPY)
    })

    it.each([
      { what: 'auto with same', policy: 'same', partitions: 'auto', made: 4 },
      { what: 'auto with zero', policy: 'zero', partitions: 'auto', made: 3 },
      { what: 'source with zero', policy: 'zero', partitions: 'source', made: 4 },
      { what: 'a number', policy: 'same', partitions: 6, made: 6 }
    ] as const)('with as many partitions as it says: $what', async ({ policy, partitions, made }) => {
      const target = `made-${policy}-${partitions}`
      const job = await ground.job(target, {
        topics: { include: ['four'], targetName: target, create: { partitions } },
        partitions: policy
      })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
      expect(await partitionsOf(target)).toBe(made)
      expect(await ground.compare([['four', target]], { mode: policy })).toMatchObject(TRUE_COPY)
    })

    it('never with fewer than same needs', async () => {
      const job = await ground.job('fewer', {
        topics: { include: ['four'], targetName: 'fewer', create: { partitions: 2 } }
      })
      await expectRefusal(job, 'MR_TOO_FEW_PARTITIONS', /gives fewer 2 partitions, partitions: same needs 4/)
      expect(await partitionsOf('fewer')).toBeUndefined()
    })
  })

  it('an existing one with too few partitions is grown, or refused where it may not grow', async () => {
    await createTopic(ground.target, 'small', 2)
    const topics = { include: ['four'], targetName: 'small' }
    const job = await ground.job('small', { topics: { ...topics, create: { grow: false } } })
    await expectRefusal(job, 'MR_TARGET_TOO_FEW_PARTITIONS', /small has 2 partitions, partitions: same needs 4/)
    expect(await partitionsOf('small')).toBe(2)

    const run = await job.run(['--set', 'topics.create.grow=true'])
    expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
    expect(run.stderr).toContain('Target topic small has grown to 4 partitions.')
    expect(await partitionsOf('small')).toBe(4)
    expect(await ground.compare([['four', 'small']])).toMatchObject(TRUE_COPY)
  })

  describe.concurrent('existing ones are refused that', () => {
    it.each([
      {
        what: 'delete by age',
        configs: { 'retention.ms': '3600000' },
        accept: 'delete',
        reason: /retention\.ms is 3600000, the source keeps 604800000 ms/
      },
      {
        what: 'delete by size',
        configs: { 'retention.bytes': '1000000' },
        accept: 'delete',
        reason: /retention\.bytes is 1000000, the source keeps without that limit/
      },
      {
        what: 'restamp',
        configs: { 'message.timestamp.type': 'LogAppendTime' },
        accept: 'restamp',
        reason: /message\.timestamp\.type is LogAppendTime/
      },
      {
        what: 'reject by size',
        configs: { 'max.message.bytes': '100000' },
        accept: 'reject',
        reason: /max\.message\.bytes is 100000, the source's 1048588/
      },
      {
        what: 'reject by age',
        configs: { 'message.timestamp.before.max.ms': '3600000' },
        accept: 'reject',
        reason: /records more than 3600000 ms in the past are refused/
      }
    ])('$what, unless that is accepted', async ({ what, configs, accept, reason }) => {
      const target = what.replaceAll(' ', '-')
      await createTopic(ground.target, target, 4, configs)
      const job = await ground.job(target, { topics: { include: ['four'], targetName: target } })
      await expectRefusal(job, `MR_TARGET_${accept.toUpperCase()}S`, reason)
      expect(await endOffsets(ground.target, target)).toEqual({ 0: 0, 1: 0, 2: 0, 3: 0 })

      const run = await job.run(['--set', `target.accept=[${accept}]`])
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
      expect(run.stderr).toMatch(reason)
      // Only a timestamp can differ: every record is young and small.
      const altered = accept === 'restamp' ? RECORDS : 0
      const comparison = await ground.compare([['four', target]])
      expect(comparison).toMatchObject({ ...TRUE_COPY, equal: altered === 0, altered })
    })

    it('compact what the source keeps: both deleting and rejecting must be accepted', async () => {
      await createTopic(ground.target, 'compacting', 4, { 'cleanup.policy': 'compact' })
      const job = await ground.job('compacting', { topics: { include: ['four'], targetName: 'compacting' } })
      await expectRefusal(job, 'MR_TARGET_DELETES', /cleanup\.policy compacts, the source does not/)
      const half = await planOf(job, ['--set', 'target.accept=[delete]'])
      expect(half).toMatchObject({ exitCode: 4, plan: { refusals: [{ code: 'MR_TARGET_REJECTS' }] } })
      const both = await planOf(job, ['--set', 'target.accept=[delete, reject]'])
      expect(both).toMatchObject({ exitCode: 0, plan: { refusals: [] } })
    })
  })
})
