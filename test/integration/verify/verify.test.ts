import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DIFFERENCE_KINDS } from '../../../src/verify/difference-list.ts'
import type { Verification } from '../../../src/verify/verify-types.ts'
import { administer, createTopic, type ExplicitRecord, startWriting, writeRecords } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { type CliResult, runCli } from '../../helpers/run-cli.ts'
import type { TestJob } from '../faults/test-job.ts'
import { RuleGround } from '../rules/rule-ground.ts'

// What `verify` says of true copies and of every kind of untrue one. The untrue ones are written by a client that isn't ours.

/** Records of long ago stay. */
const KEPT = { 'retention.ms': '-1' }

const hex = (text: string): string => Buffer.from(text).toString('hex')

const ORIGINAL: readonly ExplicitRecord[] = Array.from({ length: 200 }, (_, index) => ({
  key: hex(`key ${index % 7}`),
  value: hex(`value ${index}`),
  timestamp: 1_700_000_000_000 + index,
  headers: [
    ['null', null],
    ['number', hex(String(index))]
  ]
}))

const changed = (at: number, fields: ExplicitRecord): ExplicitRecord[] =>
  ORIGINAL.map((record, index) => (index === at ? { ...record, ...fields } : record))

interface VerifyEnd extends CliResult {
  readonly verification: Verification
  /** Kinds of differences that were found, and re-deliveries. */
  readonly counts: Record<string, number>
}

async function verify(job: TestJob, flags: readonly string[] = []): Promise<VerifyEnd> {
  const end = await runCli(['verify', job.file, '-o', 'json', ...flags], { timeoutMs: 120_000 })
  const documentOf = (): Verification => {
    try {
      return JSON.parse(end.stdout) as Verification
    } catch {
      throw new Error(`no verification, ended with ${end.exitCode ?? end.signal}:\n${end.stdout}\n${end.stderr}`)
    }
  }
  const verification = documentOf()
  const counts: Record<string, number> = {}
  for (const topic of verification.topics) {
    for (const kind of DIFFERENCE_KINDS) {
      if (topic.differences[kind].count > 0) counts[kind] = (counts[kind] ?? 0) + topic.differences[kind].count
    }
    if (topic.redelivered.count > 0) counts['redelivered'] = (counts['redelivered'] ?? 0) + topic.redelivered.count
  }
  return { ...end, verification, counts }
}

describeWithBrokers('verify', () => {
  let ground: RuleGround

  beforeAll(async () => {
    ground = await RuleGround.start({ source: '3.9.1', target: '3.9.1' })
  })
  afterAll(() => ground?.stop())

  /** A source and a target that were written side by side, as if a job had copied one to the other. */
  const written = async (
    name: string,
    copy: readonly ExplicitRecord[],
    original: readonly ExplicitRecord[] = ORIGINAL,
    settings: Readonly<Record<string, unknown>> = {},
    configs: Record<string, string> = KEPT
  ): Promise<TestJob> => {
    for (const [cluster, records] of [
      [ground.source, original],
      [ground.target, copy]
    ] as const) {
      await createTopic(cluster, name, 1, configs)
      if (records.length > 0) await writeRecords({ ...cluster, topic: name, kind: 'explicit', explicit: records })
    }
    await administer(ground.source, 'commit_offsets', { group: name, topic: name, offsets: { 0: original.length } })
    return await ground.job(name, { source: { groupId: name }, topics: { include: [name] }, ...settings })
  }

  describe.concurrent('a true copy', () => {
    it.each(['same', 'zero', 'sticky'] as const)('by %s: no difference', async (partitions) => {
      const topic = `true-${partitions}`
      await createTopic(ground.source, topic, 3, KEPT)
      await writeRecords({ ...ground.source, topic, partitions: 3, kind: 'odd', records: 400 })
      const job = await ground.job(topic, { topics: { include: [topic] }, partitions })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0 })
      const end = await verify(job)
      const topics = [{ pairs: { checked: 400, differing: { count: 0 } }, notes: [] }]
      expect(end, end.stderr).toMatchObject({
        exitCode: 0,
        counts: {},
        verification: { equal: true, records: 400, topics }
      })
      expect(await verify(job, ['--counts'])).toMatchObject({ exitCode: 0, counts: {} })
      expect(await verify(job, ['--sample', '50'])).toMatchObject({ exitCode: 0, counts: {} })
    })

    it('of several topics that go to one', async () => {
      for (const topic of ['merge-a', 'merge-b']) {
        await createTopic(ground.source, topic, 2)
        await writeRecords({ ...ground.source, topic, partitions: 2, records: 300, seed: topic.length })
      }
      const job = await ground.job('merge', { topics: { include: ['merge-a', 'merge-b'], targetName: 'merged' } })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0 })
      const topics = [{ pairs: { checked: 600, differing: { count: 0 } } }]
      expect(await verify(job)).toMatchObject({ exitCode: 0, counts: {}, verification: { records: 600, topics } })
    })

    it('of transactions: what was aborted is not missed', async () => {
      const topic = 'transactions'
      await createTopic(ground.source, topic, 2)
      const { records, aborted } = await writeRecords({
        ...ground.source,
        topic,
        partitions: 2,
        kind: 'transactional',
        records: 1000,
        perTransaction: 50
      })
      expect(aborted).toBeGreaterThan(0)
      const job = await ground.job(topic, { topics: { include: [topic] } })
      const run = await job.run()
      expect(run, run.stderr).toMatchObject({ exitCode: 0 })
      const topics = [{ pairs: { checked: records, differing: { count: 0 } } }]
      expect(await verify(job)).toMatchObject({ exitCode: 0, counts: {}, verification: { records, topics } })
      expect(await verify(job, ['--counts'])).toMatchObject({ exitCode: 0, counts: {}, verification: { records } })
    })

    it('while the mirror runs and a writer writes', async () => {
      const topic = 'running'
      await createTopic(ground.source, topic, 3)
      const job = await ground.job(topic, { topics: { include: [topic] }, stop: { at: 'never' } })
      const writer = await startWriting({ ...ground.source, topic, partitions: 3, records: 0, rate: 2000, seconds: 60 })
      const run = job.start()
      try {
        await run.printed(/RUNNING|running/)
        for (let look = 0; look < 3; look++) {
          await new Promise((resolve) => setTimeout(resolve, 3000))
          const end = await verify(job)
          expect(end, end.stderr).toMatchObject({ exitCode: 0, counts: {} })
          if (look > 0) expect(end.verification.records).toBeGreaterThan(0)
        }
      } finally {
        await writer.stop()
        run.kill('SIGTERM')
        await run.finished()
      }
    })
  })

  describe.concurrent('an untrue copy', () => {
    it.each<[string, ExplicitRecord, ExplicitRecord, string, string]>([
      ['key', {}, { key: hex('key X') }, 'key', 'byte 4 is 0x58, was 0x36'],
      ['value', {}, { value: hex('value 21') }, 'value', 'byte 7 is 0x31, was 0x30'],
      [
        'header',
        {},
        {
          headers: [
            ['null', null],
            ['number', hex('21')]
          ]
        },
        'header',
        'header 1 (number): byte 1 is 0x31, was 0x30'
      ],
      ['timestamp', {}, { timestamp: 1_700_000_000_999 }, 'timestamp', 'is 1700000000999, was 1700000000020'],
      ['null-value', { value: null }, { value: '' }, 'value', 'is empty, was null'],
      ['empty-key', { key: '' }, { key: null }, 'key', 'is null, was empty']
    ])('altered: %s', async (name, before, after, part, what) => {
      const job = await written(`altered-${name}`, changed(20, after), changed(20, before))
      const end = await verify(job)
      expect(end, end.stderr).toMatchObject({ exitCode: 3, counts: { altered: 1 } })
      const place = { topic: `altered-${name}`, partition: 0, offset: 20 }
      expect(end.verification.topics[0]?.differences.altered.first).toMatchObject([
        { source: place, target: place, altered: [{ part, what }] }
      ])
    })

    it('lost, phantom, reordered, stray: each is named with its offsets', async () => {
      const copy = ORIGINAL.toSpliced(10, 1)
        .toSpliced(50, 0, { value: hex('nobody wrote this'), timestamp: 5 })
        .toSpliced(150, 0, ORIGINAL[3] ?? {})
      // 100 and 101 (source) change places.
      const at = copy.indexOf(ORIGINAL[100] ?? {})
      const [first, second] = copy.slice(at, at + 2)
      const job = await written('mixed', copy.toSpliced(at, 2, second ?? {}, first ?? {}))
      const end = await verify(job)
      expect(end, end.stderr).toMatchObject({
        exitCode: 3,
        counts: { lost: 1, phantom: 1, reordered: 1, duplicate: 1 }
      })
      const [topic] = end.verification.topics
      expect(topic?.differences).toMatchObject({
        lost: { first: [{ source: { offset: 10 } }] },
        phantom: { first: [{ target: { offset: 50 } }] },
        duplicate: { first: [{ source: { offset: 3 }, target: { offset: 150 } }] }
      })
      const table = await runCli(['verify', job.file])
      expect(table.exitCode).toBe(3)
      expect(table.stdout).toContain('lost: source mixed-0@10')
      expect(await verify(job, ['--counts'])).toMatchObject({ exitCode: 0, counts: { redelivered: 1 } })
    })

    it('re-delivered: counted, a difference only when strict', async () => {
      const job = await written('again', [...ORIGINAL.slice(0, 150), ...ORIGINAL.slice(90)])
      expect(await verify(job)).toMatchObject({ exitCode: 0, counts: { redelivered: 60 } })
      expect(await verify(job, ['--strict'])).toMatchObject({ exitCode: 3, counts: { redelivered: 60 } })
    })

    it.each(['zero', 'sticky'] as const)('by %s, where order says nothing', async (partitions) => {
      const name = `untrue-${partitions}`
      const copy = changed(30, { value: hex('altered') })
        .toSpliced(10, 1)
        .toReversed()
      const job = await written(name, [...copy, { value: hex('nobody wrote this'), timestamp: 7 }], ORIGINAL, {
        partitions
      })
      const end = await verify(job)
      expect(end, end.stderr).toMatchObject({ exitCode: 3, counts: { lost: 1, phantom: 1, altered: 1 } })
    })

    it('a target that is not there', async () => {
      const job = await written('nothing', [], ORIGINAL, { topics: { include: ['nothing'], targetName: 'never-made' } })
      expect(await verify(job)).toMatchObject({ exitCode: 3, counts: { lost: 200 } })
      expect(await verify(job, ['--counts'])).toMatchObject({ exitCode: 3, counts: { lost: 200 } })
    })
  })

  it('of a compacted topic: the last record of each key', async () => {
    const keyed = (records: readonly (readonly [key: string, value: string | null])[]): ExplicitRecord[] =>
      records.map(([key, value], index) => ({
        key: hex(key),
        value: value === null ? null : hex(value),
        timestamp: 1_700_000_000_000 + index
      }))
    const original = keyed([
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
      ['c', '1'],
      ['b', null]
    ])
    const compacted = async (name: string, copy: readonly ExplicitRecord[]): Promise<TestJob> =>
      await written(name, copy, original, {}, { ...KEPT, 'cleanup.policy': 'compact' })
    const complete = await verify(await compacted('compacted', original.slice(2)))
    expect(complete, complete.stderr).toMatchObject({ exitCode: 0, counts: {} })
    expect(complete.verification.topics).toMatchObject([{ notes: [expect.stringContaining('compacted') as unknown] }])
    const stale = await verify(await compacted('compacted-stale', original.slice(0, 2)))
    expect(stale, stale.stderr).toMatchObject({ exitCode: 3, counts: { lost: 1, altered: 2 } })
  })

  it('does not miss what a policy kept back, and misses everything else', async () => {
    const topic = 'kept-back'
    await createTopic(ground.source, topic, 2, KEPT)
    await createTopic(ground.target, topic, 2, { ...KEPT, 'max.message.bytes': '20000' })
    const random = Array.from({ length: 100_000 }, (_, index) =>
      ((index * 7919) % 251).toString(16).padStart(2, '0')
    ).join('')
    const explicit = ORIGINAL.slice(0, 40).map((record, index) => ({
      ...record,
      partition: index % 2,
      ...(index === 20 && { value: random })
    }))
    await writeRecords({ ...ground.source, topic, kind: 'explicit', explicit })
    const job = await ground.job(topic, {
      target: { accept: ['reject'] },
      topics: { include: [topic] },
      onBadRecord: 'skip'
    })
    const run = await job.run()
    expect(run, run.stderr).toMatchObject({ exitCode: 0 })
    const end = await verify(job)
    expect(end, end.stderr).toMatchObject({ exitCode: 0, counts: {}, verification: { records: 39 } })
    expect(end.verification.topics).toMatchObject([{ audited: 1 }])
    // Without the trail it is lost.
    const blind = await verify(job, ['--set', `stateDir=${ground.stateDir('elsewhere')}`])
    expect(blind, blind.stderr).toMatchObject({ exitCode: 3, counts: { lost: 1 } })
    expect(blind.verification.topics[0]?.differences.lost.first).toEqual([
      { source: { topic, partition: 0, offset: 10 } }
    ])
  })

  it('begins where the copy began: not with what lay there before', async () => {
    const topic = 'latest'
    await createTopic(ground.source, topic, 2)
    await createTopic(ground.target, topic, 2)
    await writeRecords({ ...ground.source, topic, partitions: 2, records: 100 })
    await writeRecords({ ...ground.target, topic, partitions: 2, records: 30, seed: 9 })
    const job = await ground.job(topic, {
      target: { accept: ['delete'] },
      topics: { include: [topic] },
      start: { from: 'latest' }
    })
    expect(await job.run()).toMatchObject({ exitCode: 0, summary: { records: 0 } })
    await writeRecords({ ...ground.source, topic, partitions: 2, records: 60, firstSequence: 100 })
    expect(await job.run()).toMatchObject({ exitCode: 0, summary: { records: 60 } })
    const end = await verify(job)
    expect(end, end.stderr).toMatchObject({ exitCode: 0, counts: {}, verification: { records: 60 } })
    expect(end.verification.topics).toMatchObject([{ before: { source: 0, target: 0 } }])
  })

  it('says so when nothing has been committed', async () => {
    await createTopic(ground.source, 'uncommitted', 1)
    await createTopic(ground.target, 'uncommitted', 1)
    await writeRecords({ ...ground.source, topic: 'uncommitted', records: 10 })
    const end = await verify(await ground.job('uncommitted', { topics: { include: ['uncommitted'] } }))
    expect(end, end.stderr).toMatchObject({ exitCode: 0, verification: { records: 0 } })
    expect(end.verification.topics[0]?.notes.join()).toContain('nothing was compared')
  })

  it('keeps the beginning out that retention has taken', async () => {
    const job = await written('trimmed', ORIGINAL)
    await administer(ground.source, 'delete_records', { topic: 'trimmed', before: { 0: 50 } })
    const end = await verify(job)
    expect(end, end.stderr).toMatchObject({ exitCode: 0, counts: {}, verification: { records: 150 } })
    expect(end.verification.topics).toMatchObject([{ before: { source: 0, target: 50 } }])
  })
})
