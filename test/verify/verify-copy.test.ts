import { describe, expect, it } from 'vitest'
import type { RecordView } from '../../src/model/batch.ts'
import type { Beginning } from '../../src/verify/beginning.ts'
import { DIFFERENCE_KINDS } from '../../src/verify/difference-list.ts'
import type { KnownPairs } from '../../src/verify/known-pairs.ts'
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
  /** Offset pairs of `a-1`: target partition, source offset, target offset, count of each run. */
  readonly pairs?: readonly number[]
  /** Lines of the audit trail. */
  readonly audit?: readonly object[]
  readonly prepare?: (source: FakeCluster, target: FakeCluster) => void
  readonly onRead?: (side: 'source' | 'target', records: number) => void
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
  let seen = 0
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
    ...(options.pairs !== undefined && { known: knownOf(options.pairs) }),
    memory: 64 * 1024 * 1024,
    pollBytes: 1 << 20,
    mostNamed: 10,
    signal: new AbortController().signal,
    onProgress: (progress) => {
      options.onRead?.('target', progress.targetRecords - seen)
      seen = progress.targetRecords
    }
  })
  expect([consumers.source.heldRecords(), consumers.target.heldRecords()]).toEqual([0, 0])
  return found
}

function knownOf(runs: readonly number[]): KnownPairs {
  return {
    of: ({ topic, partition }) => (topic === 'a' && partition === 1 ? { target: 'b', runs } : undefined),
    notesOf: () => []
  }
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

// The copy begins at offset 5 of `b-1`.
describe.each(['same', 'zero', 'sticky'] as const)('offset pairs of a copy made by %s', (policy) => {
  const TRUE = [1, 0, 5, 60]
  const at = (topic: string, offset: number) => ({ topic, partition: 1, offset })

  it.each(['full', 'sample'] as const)('that are true are counted, by --%s', async (mode) => {
    const found = await verify(ORIGINAL, ORIGINAL, { policy, mode, pairs: TRUE })
    expect(found).toMatchObject({
      equal: true,
      topics: [{ pairs: { checked: 60, differing: { count: 0 } }, notes: [] }]
    })
    expect(countsOf(found)).toEqual({})
  })

  it.each(['full', 'sample'] as const)('that are false are named with both offsets, by --%s', async (mode) => {
    // 20 to 29 are said to be where 25 to 34 are.
    const pairs = [1, 0, 5, 20, 1, 20, 30, 10, 1, 30, 35, 30]
    const found = await verify(ORIGINAL, ORIGINAL, { policy, mode, pairs })
    expect(countsOf(found)).toEqual({})
    expect(found.equal).toBe(false)
    expect(found.topics[0]?.pairs).toMatchObject({ checked: 60, differing: { count: 10 } })
    expect(found.topics[0]?.pairs?.differing.first[3]).toMatchObject({
      source: at('a', 23),
      target: at('b', 33),
      altered: [
        { part: 'key' },
        { part: 'value', what: 'byte 7 is 0x38, was 0x33' },
        { part: 'header' },
        { part: 'timestamp' }
      ]
    })
  })

  it('of records that were delivered again are all checked', async () => {
    const copy = [...ORIGINAL.slice(0, 50), ...ORIGINAL.slice(30)]
    const pairs = [1, 0, 5, 50, 1, 30, 55, 30]
    const found = await verify(ORIGINAL, copy, { policy, pairs })
    expect(found).toMatchObject({ equal: true, topics: [{ pairs: { checked: 80, differing: { count: 0 } } }] })
    const wrong = await verify(ORIGINAL, copy, { policy, pairs: [1, 0, 5, 50, 1, 30, 56, 29] })
    expect(wrong.topics[0]?.pairs?.differing.count).toBe(29)
  })

  it('tell an altered record from a lost one and a phantom, though nothing of it is as it was', async () => {
    const other = { key: 'other', value: 'else', timestamp: 5, headers: [] }
    const found = await verify(ORIGINAL, changed(20, other), { policy, pairs: TRUE })
    expect(countsOf(found)).toEqual({ altered: 1 })
    expect(found.topics[0]).toMatchObject({
      differences: { altered: { first: [{ source: at('a', 20), target: at('b', 25) }] } },
      pairs: { differing: { count: 1, first: [{ source: at('a', 20), target: at('b', 25) }] } }
    })
    const unknown = await verify(ORIGINAL, changed(20, other), { policy })
    expect(countsOf(unknown)).toEqual({ lost: 1, phantom: 1 })
  })

  it('say where a lost record had been acknowledged', async () => {
    const found = await verify(ORIGINAL, ORIGINAL.slice(0, 40), {
      policy,
      pairs: TRUE,
      prepare: (_, target) => target.append('b', 1, { value: 'phantom', timestamp: 3 })
    })
    const [topic] = found.topics
    expect(topic?.differences.lost.count ?? 0).toBeGreaterThan(18)
    expect(topic?.pairs?.differing).toMatchObject({ count: 1, first: [{ source: at('a', 40), target: at('b', 45) }] })
  })

  it('whose target record is not there are found', async () => {
    const found = await verify(ORIGINAL, ORIGINAL.slice(0, 30), {
      policy,
      pairs: TRUE,
      prepare: (_, target) => {
        target.skip('b', 1, 3)
        target.append('b', 1, ...ORIGINAL.slice(33))
      }
    })
    expect(countsOf(found)).toEqual({ lost: 3 })
    expect(found.topics[0]?.pairs).toMatchObject({ checked: 57, differing: { count: 3 } })
    expect(found.topics[0]?.pairs?.differing.first[0]).toEqual({ source: at('a', 30), target: at('b', 35) })
    expect(found.topics[0]?.differences.lost.first[0]).toEqual({ source: at('a', 30), target: at('b', 35) })
  })

  it('of what either side does not have any more, or what has not been read, are not looked at', async () => {
    const found = await verify(ORIGINAL, ORIGINAL, {
      policy,
      pairs: [1, 0, 5, 60, 1, 60, 65, 1000, 0, 7, 9, 5, 17, 3, 3, 3],
      prepare: (source, target) => {
        source.removeBefore('a', 1, 10)
        target.removeBefore('b', 1, 25)
      }
    })
    expect(found.topics[0]?.pairs).toMatchObject({ checked: 40, differing: { count: 0 } })
  })

  it.each(['full', 'sample'] as const)('that nobody knows are said to be unknown, by --%s', async (mode) => {
    const found = await verify(ORIGINAL, ORIGINAL, { policy, mode, pairs: [] })
    expect(found.equal).toBe(true)
    expect(found.topics[0]?.pairs).toBeUndefined()
    expect(found.topics[0]?.notes).toEqual([expect.stringContaining('no offset pairs are known')])
  })

  it('find a sample where it is, without a search', async () => {
    const read = { target: 0 }
    const original = Array.from({ length: 50_000 }, (_, index) => ({ value: `${index}`, timestamp: 1000 + index }))
    const copy = [...original.slice(25_000), ...original.slice(0, 25_000)]
    const found = await verify(original, copy, {
      policy,
      mode: 'sample',
      sampleRecords: 40,
      pairs: [1, 0, 25_005, 25_000, 1, 25_000, 5, 25_000],
      onRead: (side, records) => {
        if (side === 'target') read.target += records
      }
    })
    expect(found).toMatchObject({ equal: true, records: 40, topics: [{ pairs: { checked: 40 } }] })
    expect(read.target).toBeLessThan(3000)
  })

  it('do not call records with a timestamp that could not be kept different', async () => {
    const audit = [
      { source: at('a', 20), count: 1, target: at('b', 0), reason: 'TIMESTAMP_NOT_WRITABLE', policy: 'altered' }
    ]
    const original = changed(20, { timestamp: 0 })
    const found = await verify(original, changed(20, { timestamp: 777 }), { policy, pairs: TRUE, audit })
    expect(found).toMatchObject({ equal: true, topics: [{ pairs: { differing: { count: 0 } } }] })
  })
})
