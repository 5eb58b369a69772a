import { describe, expect, it } from 'vitest'
import type { RecordView } from '../../src/model/batch.ts'
import type { Beginning } from '../../src/verify/beginning.ts'
import { DIFFERENCE_KINDS } from '../../src/verify/difference-list.ts'
import { parseAudit } from '../../src/verify/parse-audit.ts'
import { type VerifiedJob, takeBounds } from '../../src/verify/take-bounds.ts'
import { verifyCopy } from '../../src/verify/verify-copy.ts'
import type { VerifyMode } from '../../src/verify/verify-types.ts'
import { FakeAdmin } from '../client/fake-admin.ts'
import { FakeCluster, type FakeRecord } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const header = (name: string, value: Uint8Array | null): RecordView['headers'][number] => ({
  name: Buffer.from(name),
  value
})

const ORIGINAL: readonly FakeRecord[] = Array.from({ length: 60 }, (_, index) => ({
  key: `key ${index % 7}`,
  value: `value ${index}`,
  timestamp: 1000 + index,
  headers: [header('x', null), header('x', bytes(index))]
}))

interface Case {
  readonly policy?: VerifiedJob['partitions']
  readonly mode?: VerifyMode
  readonly strict?: boolean
  readonly sampleRecords?: number
  readonly committed?: number
  readonly start?: VerifiedJob['start']
  readonly beginning?: Beginning
  /** Lines of the audit trail. */
  readonly audit?: readonly object[]
  readonly prepare?: (source: FakeCluster, target: FakeCluster) => void
}

/** Verifies a source partition `a-1` against this copy in `b-1`. */
async function verify(original: readonly FakeRecord[], copy: readonly FakeRecord[], options: Case = {}) {
  const { policy = 'same', mode = 'full', strict = false, start = { from: 'earliest' } } = options
  const [source, target] = [new FakeCluster(), new FakeCluster()]
  source.createTopic('a', 2)
  target.createTopic('b', 2)
  source.append('a', 1, ...original)
  // Offsets of a copy may differ.
  target.skip('b', 1, 5)
  target.append('b', 1, ...copy)
  source.commit('g', { topic: 'a', partition: 0, offset: 0 })
  source.commit('g', { topic: 'a', partition: 1, offset: options.committed ?? original.length })
  options.prepare?.(source, target)
  const consumers = { source: new FakeConsumer(source, 'v'), target: new FakeConsumer(target, 'v') }
  consumers.source.maxRecords = 7
  consumers.target.maxRecords = 11
  const job: VerifiedJob = {
    source: { groupId: 'g', properties: {} },
    target: { accept: ['restamp'] },
    topics: {
      include: ['a'],
      exclude: [],
      targetName: 'b',
      overrides: {},
      create: { partitions: 'auto', replicationFactor: -1, grow: true, configs: {} },
      settings: {}
    },
    partitions: policy,
    start,
    stop: { at: 'never' }
  }
  const audit = parseAudit([(options.audit ?? []).map((line) => `${JSON.stringify(line)}\n`).join('')])
  const admins = [new FakeAdmin(source, 'source'), new FakeAdmin(target, 'target')] as const
  const { topics, refusals } = await takeBounds(job, ...admins, {
    audit,
    ...(options.beginning !== undefined && { beginning: options.beginning })
  })
  expect(refusals).toEqual([])
  const found = await verifyCopy(topics, consumers, {
    job: 'job',
    policy,
    mode,
    strict,
    sampleRecords: options.sampleRecords,
    memory: 64 * 1024 * 1024,
    pollBytes: 1 << 20,
    mostNamed: 10,
    signal: new AbortController().signal,
    onProgress: () => undefined
  })
  expect([consumers.source.heldRecords(), consumers.target.heldRecords()]).toEqual([0, 0])
  return found
}

type Found = Awaited<ReturnType<typeof verify>>

function countsOf({ topics }: Found): Record<string, number> {
  const [topic] = topics
  if (topic === undefined) throw new Error('no topic')
  return Object.fromEntries(
    [
      ...DIFFERENCE_KINDS.map((kind): [string, number] => [kind, topic.differences[kind].count]),
      ['redelivered', topic.redelivered.count] as [string, number]
    ].filter(([, count]) => count > 0)
  )
}

const changed = (at: number, fields: FakeRecord): FakeRecord[] =>
  ORIGINAL.map((record, index) => (index === at ? { ...record, ...fields } : record))

describe.each(['same', 'zero', 'sticky'] as const)('verifying a copy made by %s', (policy) => {
  it('finds nothing in a true one', async () => {
    const found = await verify(ORIGINAL, ORIGINAL, { policy })
    expect(found).toMatchObject({ equal: true, records: 60 })
    expect(countsOf(found)).toEqual({})
  })

  it.each<[string, FakeRecord, FakeRecord, string, string]>([
    ['another key', { key: 'a' }, { key: 'A' }, 'key', 'byte 0 is 0x41, was 0x61'],
    ['an empty key for null', { key: null }, { key: bytes() }, 'key', 'is empty, was null'],
    ['a longer value', { value: 'one' }, { value: 'one more' }, 'value', 'has 8 bytes, had 3'],
    ['an empty value for a tombstone', { value: null }, { value: bytes() }, 'value', 'is empty, was null'],
    ['a tombstone for an empty value', { value: bytes() }, { value: null }, 'value', 'is null, was empty'],
    ['another timestamp', { timestamp: 5 }, { timestamp: 6 }, 'timestamp', 'is 6, was 5'],
    [
      'headers in another order',
      { headers: [header('x', null), header('y', bytes(1))] },
      { headers: [header('y', bytes(1)), header('x', null)] },
      'header',
      'name of header 0 (x): byte 0 is 0x79, was 0x78'
    ],
    [
      'an empty header for null',
      { headers: [header('x', null)] },
      { headers: [header('x', bytes())] },
      'header',
      'header 0 (x): is empty, was null'
    ],
    ['a header more', { headers: [] }, { headers: [header('x', null)] }, 'header', '1 more than the source has']
  ])('names %s', async (_, before, after, part, what) => {
    const found = await verify(changed(20, before), changed(20, after), { policy })
    expect(found.equal).toBe(false)
    expect(countsOf(found)).toEqual({ altered: 1 })
    expect(found.topics[0]?.differences.altered.first).toMatchObject([
      {
        source: { topic: 'a', partition: 1, offset: 20 },
        target: { topic: 'b', partition: 1, offset: 25 },
        altered: [{ part, what }]
      }
    ])
  })

  it('names lost and phantom records', async () => {
    const lost = await verify(ORIGINAL, ORIGINAL.toSpliced(30, 2), { policy })
    expect(countsOf(lost)).toEqual({ lost: 2 })
    expect(lost.topics[0]?.differences.lost.first).toEqual(
      [30, 31].map((offset) => ({ source: { topic: 'a', partition: 1, offset } }))
    )
    const phantom = await verify(ORIGINAL, ORIGINAL.toSpliced(30, 0, { value: 'nobody wrote this' }), { policy })
    expect(countsOf(phantom)).toEqual({ phantom: 1 })
    expect(phantom.topics[0]?.differences.phantom.first).toEqual([{ target: { topic: 'b', partition: 1, offset: 35 } }])
  })

  it('counts what was delivered again, and minds it only when strict', async () => {
    const again = [...ORIGINAL.slice(0, 40), ...ORIGINAL.slice(30)]
    const found = await verify(ORIGINAL, again, { policy })
    expect(found.equal).toBe(true)
    expect(countsOf(found)).toEqual({ redelivered: 10 })
    expect((await verify(ORIGINAL, again, { policy, strict: true })).equal).toBe(false)
  })

  it('does not ask for what is not committed yet', async () => {
    expect(await verify(ORIGINAL, ORIGINAL.slice(0, 50), { policy, committed: 45 })).toMatchObject({ equal: true })
    expect(countsOf(await verify(ORIGINAL, ORIGINAL.slice(0, 44), { policy, committed: 45 }))).toEqual({ lost: 1 })
  })

  it('leaves out what retention has taken from one side', async () => {
    const source = await verify(ORIGINAL, ORIGINAL, { policy, prepare: (from) => from.removeBefore('a', 1, 20) })
    expect(source).toMatchObject({ equal: true, records: 40, topics: [{ before: { target: 20 } }] })
    const target = await verify(ORIGINAL, ORIGINAL, { policy, prepare: (_, to) => to.removeBefore('b', 1, 15) })
    expect(target).toMatchObject({ equal: true, records: 50, topics: [{ before: { source: 10 } }] })
  })

  it('knows where the copy began', async () => {
    const fromTime = { from: 'timestamp', time: 1010 } as const
    expect(await verify(ORIGINAL, ORIGINAL.slice(10), { policy, start: fromTime })).toMatchObject({ equal: true })
    const offsets = { from: 'offsets', offsets: { a: { 1: 12 } } } as const
    expect(await verify(ORIGINAL, ORIGINAL.slice(12), { policy, start: offsets })).toMatchObject({ equal: true })
    expect(countsOf(await verify(ORIGINAL, ORIGINAL.slice(14), { policy, start: offsets }))).toEqual({ lost: 2 })
  })

  it('does not compare timestamps that the target was accepted to set', async () => {
    const restamped = ORIGINAL.map((record) => ({ ...record, timestamp: 7 }))
    const found = await verify(ORIGINAL, restamped, {
      policy,
      prepare: (_, to) => to.topics().get('b')?.configs.set('message.timestamp.type', 'LogAppendTime')
    })
    expect(found.equal).toBe(true)
    expect(found.topics[0]?.notes).toHaveLength(1)
  })

  it('keeps to where the copy began, if that was kept', async () => {
    const beginning = { source: { 'a-1': 20 }, target: { 'b-1': 35 } }
    const before = Array.from({ length: 30 }, () => ({ value: 'of somebody else' }))
    const copy = [...before, ...ORIGINAL.slice(20)]
    const start = { from: 'latest' } as const
    expect(await verify(ORIGINAL, copy, { policy, start, beginning })).toMatchObject({ equal: true, records: 40 })
    const lost = [...before, ...ORIGINAL.slice(22)]
    expect(countsOf(await verify(ORIGINAL, lost, { policy, start, beginning }))).toEqual({ lost: 2 })
  })

  it('looks for a sample, and for all where the sample is large enough', async () => {
    const some = await verify(ORIGINAL, ORIGINAL, { policy, mode: 'sample', sampleRecords: 15 })
    expect(some).toMatchObject({ equal: true, records: 15 })
    const all = await verify(ORIGINAL, ORIGINAL.toSpliced(30, 2), { policy, mode: 'sample', sampleRecords: 100 })
    expect(countsOf(all)).toEqual({ lost: 2 })
    expect(all.topics[0]?.differences.lost.first).toMatchObject([
      { source: { offset: 30 } },
      { source: { offset: 31 } }
    ])
  })

  it('excuses what the audit trail has, and nothing else', async () => {
    const line = { source: { topic: 'a', partition: 1, offset: 30 }, count: 2, policy: 'skip' }
    const copy = changed(7, { timestamp: 5 }).toSpliced(30, 2)
    const altered = { source: { topic: 'a', partition: 1, offset: 7 }, count: 1, policy: 'altered' }
    const found = await verify(ORIGINAL, copy, { policy, audit: [line, line, altered] })
    expect(found.equal).toBe(true)
    expect(countsOf(found)).toEqual({})
    expect(countsOf(await verify(ORIGINAL, copy.toSpliced(40, 1), { policy, audit: [line, altered] }))).toEqual({
      lost: 1
    })
    // Another timestamp is what is excused, not another value.
    const other = changed(7, { value: 'other' })
    expect(countsOf(await verify(ORIGINAL, other, { policy, audit: [altered] }))).toEqual({ altered: 1 })
  })

  it('counts, without reading where the offsets agree', async () => {
    expect(await verify(ORIGINAL, ORIGINAL, { policy, mode: 'counts' })).toMatchObject({ equal: true, records: 60 })
    const less = await verify(ORIGINAL, ORIGINAL.slice(2), { policy, mode: 'counts' })
    expect(countsOf(less)).toEqual({ lost: 2 })
    // Holes, as control records make them, are no records.
    const holes = await verify(ORIGINAL, ORIGINAL, {
      policy,
      mode: 'counts',
      committed: 65,
      prepare: (from) => from.skip('a', 1, 5)
    })
    expect(countsOf(holes)).toEqual({})
  })
})

describe('verifying a copy made by same', () => {
  it('names records that changed places and strays', async () => {
    const moved = [
      ...ORIGINAL.slice(0, 10),
      ...ORIGINAL.slice(11, 20),
      ...ORIGINAL.slice(10, 11),
      ...ORIGINAL.slice(20)
    ]
    const found = await verify(ORIGINAL, moved)
    expect(countsOf(found)).toEqual({ reordered: 1 })
    expect(found.topics[0]?.differences.reordered.first).toMatchObject([
      { source: { offset: 10 }, target: { offset: 24 } }
    ])
    const stray = [...ORIGINAL.slice(0, 30), ...ORIGINAL.slice(3, 4), ...ORIGINAL.slice(30)]
    expect(countsOf(await verify(ORIGINAL, stray))).toEqual({ duplicate: 1 })
  })

  it('takes two different records in one place for a loss and a phantom', async () => {
    const other = { key: 'z', value: 'else', timestamp: 5, headers: [] }
    expect(countsOf(await verify(ORIGINAL, changed(20, other)))).toEqual({ lost: 1, phantom: 1 })
  })

  it('names what is in partitions that should be empty', async () => {
    const found = await verify(ORIGINAL, ORIGINAL, { prepare: (_, to) => to.append('b', 0, { value: 'stray' }) })
    expect(countsOf(found)).toEqual({ phantom: 1 })
  })
})

describe('verifying a compacted topic', () => {
  const compact = (cluster: FakeCluster, topic: string): void => {
    cluster.topics().get(topic)?.configs.set('cleanup.policy', 'compact,delete')
  }
  const values = (...pairs: readonly (readonly [string, string | null])[]): FakeRecord[] =>
    pairs.map(([key, value], index) => ({ key, value, timestamp: index }))
  const original = values(['a', '1'], ['b', '1'], ['a', '2'], ['c', '1'], ['b', null], ['d', '1'])
  const compacted = { prepare: (from: FakeCluster): void => compact(from, 'a') }
  const at = (...indexes: number[]): FakeRecord[] => indexes.map((index) => original[index] ?? {})

  it('compares the last record of each key', async () => {
    for (const copy of [original, at(2, 3, 4, 5), at(2, 3, 5), at(1, 0, 2, 3, 4, 5)]) {
      expect(await verify(original, copy, compacted)).toMatchObject({ equal: true })
    }
    expect(countsOf(await verify(at(2, 3, 5), original, compacted))).toEqual({})
  })

  it('names keys that are lost, phantom or have another last value', async () => {
    expect(countsOf(await verify(original, at(2, 4, 5), compacted))).toEqual({ lost: 1 })
    expect(countsOf(await verify(original, [...original, { key: 'z', value: '1' }], compacted))).toEqual({ phantom: 1 })
    const stale = await verify(original, at(0, 3, 4, 5), compacted)
    expect(countsOf(stale)).toEqual({ altered: 1 })
    expect(stale.topics[0]?.differences.altered.first).toMatchObject([
      { source: { offset: 2 }, target: { offset: 5 }, altered: [{ part: 'value' }, { part: 'timestamp' }] }
    ])
    // The key was deleted at the source, and lives on at the target.
    expect(countsOf(await verify(original, at(1, 2, 3, 5), compacted))).toEqual({ altered: 1 })
  })

  it('lets pass what is on its way', async () => {
    expect(await verify(original, at(0, 1, 3), { ...compacted, committed: 2 })).toMatchObject({ equal: true })
  })
})
