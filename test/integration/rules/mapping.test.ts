import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTopic, endOffsets, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { planOf, RuleGround, TRUE_COPY } from './rule-ground.ts'

// Which topics are copied, under which names, and to which partitions.

const RECORDS = 200

describeWithBrokers('mapping', () => {
  let ground: RuleGround

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
  })
  afterAll(() => ground?.stop())

  const loadedTopic = async (topic: string, partitions = 2, seed = 1): Promise<void> => {
    await createTopic(ground.source, topic, partitions)
    await writeRecords({ ...ground.source, topic, partitions, records: RECORDS, keys: 'sequence', seed })
  }

  describe.concurrent('partitions', () => {
    it('same: each partition in order to its own', async () => {
      await loadedTopic('same', 4)
      const job = await ground.job('same', { topics: { include: ['same'] }, partitions: 'same' })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
      expect(run.summary.partitions.map(({ target }) => target.partition)).toEqual([0, 1, 2, 3])
      expect(await endOffsets(ground.target, 'same')).toEqual({ 0: 50, 1: 50, 2: 50, 3: 50 })
      expect(await ground.compare([['same', 'same']], { mode: 'same' })).toMatchObject(TRUE_COPY)
    })

    it('zero: all to partition 0, the order of each source partition kept', async () => {
      await loadedTopic('zero', 4)
      const job = await ground.job('zero', { topics: { include: ['zero'] }, partitions: 'zero' })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
      expect(run.summary.partitions.map(({ target }) => target.partition)).toEqual([0, 0, 0, 0])
      expect(await endOffsets(ground.target, 'zero')).toEqual({ 0: RECORDS, 1: 0, 2: 0 })
      expect(await ground.compare([['zero', 'zero']], { mode: 'zero' })).toMatchObject(TRUE_COPY)
    })

    it('sticky: over all partitions, and the plan says that the order is not kept', async () => {
      await loadedTopic('sticky', 4)
      const job = await ground.job('sticky', { topics: { include: ['sticky'] }, partitions: 'sticky' })
      const { plan } = await planOf(job)
      expect(plan.topics).toMatchObject([{ orderKept: false, targetPartitions: 3 }])
      expect(plan.warnings).toMatchObject([{ code: 'MR_ORDER_NOT_KEPT' }])
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: RECORDS } })
      expect(run.summary.partitions.map(({ target }) => target.partition)).toEqual([null, null, null, null])
      const ends = Object.values(await endOffsets(ground.target, 'sticky'))
      expect(ends).toHaveLength(3)
      expect(Math.min(...ends)).toBeGreaterThan(0)
      expect(await ground.compare([['sticky', 'sticky']], { mode: 'multiset' })).toMatchObject(TRUE_COPY)
    })
  })

  describe.concurrent('names', () => {
    it('a template, and an override that wins', async () => {
      await loadedTopic('named.orders')
      await loadedTopic('named.payments', 3)
      const job = await ground.job('template', {
        topics: {
          include: ['/^named\\./'],
          targetName: 'dr.#{source_Topic_name}.copy',
          overrides: { 'named.payments': 'pay' }
        }
      })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 2 * RECORDS } })
      expect(run.stderr).not.toContain(' warn ')
      const pairs = [
        ['named.orders', 'dr.named.orders.copy'],
        ['named.payments', 'pay']
      ] as const
      expect(new Set(run.summary.partitions.map(({ topic, target }) => [topic, target.topic].join()))).toEqual(
        new Set(pairs.map((pair) => pair.join()))
      )
      expect(await ground.compare(pairs)).toMatchObject({ ...TRUE_COPY, targetRecords: 2 * RECORDS })
    })

    it('one fixed name for several topics: told, and nothing lost', async () => {
      await loadedTopic('many.a', 2, 11)
      await loadedTopic('many.b', 3, 12)
      const job = await ground.job('merged', { topics: { include: ['many.a', 'many.b'], targetName: 'merged' } })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 2 * RECORDS } })
      expect(run.stderr).toMatch(/MR_TOPICS_MERGED.*many\.a, many\.b go to one target topic, merged/)
      expect(run.stderr.match(/Target topic merged was created/g)).toHaveLength(1)
      const pairs = [
        ['many.a', 'merged'],
        ['many.b', 'merged']
      ] as const
      expect(await ground.compare(pairs)).toMatchObject({ ...TRUE_COPY, targetRecords: 2 * RECORDS })
    })

    it('an override onto the target of another topic: told as a collision', async () => {
      await loadedTopic('meet.a', 1, 21)
      await loadedTopic('meet.b', 1, 22)
      const job = await ground.job('collision', {
        topics: { include: ['/^meet\\./'], overrides: { 'meet.b': 'meet.a' } }
      })
      const { exitCode, plan } = await planOf(job)
      expect(exitCode).toBe(0)
      expect(plan.warnings).toMatchObject([
        {
          code: 'MR_TOPICS_COLLIDE',
          message: expect.stringContaining('meet.a, meet.b go to one target topic, meet.a') as unknown
        }
      ])
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 2 * RECORDS } })
      const pairs = [
        ['meet.a', 'meet.a'],
        ['meet.b', 'meet.a']
      ] as const
      expect(await ground.compare(pairs)).toMatchObject(TRUE_COPY)
    })
  })

  it('include by pattern: exclusions win, internal topics stay out unless they are named', async () => {
    const left = ['pick.secret', 'pick.x.internal', 'pick.y-internal', 'pick.z.replica']
    const others = ['heartbeats', 'mm2-offsets.pick', '__pick', 'unpicked']
    for (const topic of ['pick.a', 'pick.b', ...left, ...others]) await createTopic(ground.source, topic)
    await writeRecords({ ...ground.source, topic: 'pick.a', records: 10, seed: 31 })
    await writeRecords({ ...ground.source, topic: 'pick.b', records: 20, seed: 32 })
    await writeRecords({ ...ground.source, topic: 'pick.secret', records: 30, seed: 33 })

    const job = await ground.job('pick', {
      topics: { include: ['/^pick\\..+/', 'pick.secret'], exclude: ['/\\.secret$/'] }
    })
    const run = await job.run()
    expect(run, run.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 30 } })
    expect(run.summary.partitions.map(({ topic }) => topic)).toEqual(['pick.a', 'pick.b'])
    expect(run.stderr).toMatch(/MR_EXCLUDED_BY_DEFAULT.*pick\.x\.internal, pick\.y-internal, pick\.z\.replica\./)

    const everything = await planOf(job, ['--set', "topics.include=['/.*/', mm2-offsets.pick]"])
    const chosen = everything.plan.topics.map(({ source }) => source)
    expect(chosen).toEqual(expect.arrayContaining(['pick.a', 'pick.b', 'unpicked', 'mm2-offsets.pick']))
    for (const topic of [...left, 'heartbeats', '__pick', '__consumer_offsets']) expect(chosen).not.toContain(topic)
  })
})
