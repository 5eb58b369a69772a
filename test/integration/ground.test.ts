import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  administer,
  compareTopics,
  createTopic,
  endOffsets,
  readRecords,
  startWriting,
  writeRecords,
  type Cluster,
  type ExplicitRecord
} from '../helpers/checker.ts'
import { describeWithBrokers } from '../helpers/describe-with-brokers.ts'
import { startKafka, type KafkaBroker } from '../kafka/start-kafka.ts'
import { KAFKA_VERSIONS } from '../kafka/versions.ts'

// What every other test on brokers stands on: the brokers start and the checker sees a difference where there is one.

const KEEP = { 'retention.ms': '-1' }

describeWithBrokers('ground', () => {
  describe.each(KAFKA_VERSIONS)('Kafka %s', (version) => {
    let broker: KafkaBroker
    let cluster: Cluster

    beforeAll(async () => {
      broker = await startKafka({ version })
      cluster = { bootstrap: broker.bootstrapServers }
    })
    afterAll(() => broker?.stop())

    it('keeps odd records of every codec through a restart; an empty copy has lost all of them', async () => {
      await createTopic(cluster, 'odd', 3, KEEP)
      await createTopic(cluster, 'empty', 3, KEEP)
      const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
      await writeRecords({ ...cluster, topic: 'odd', partitions: 3, kind: 'odd', records: 150, codecs })
      await broker.restart()
      // A broker that has just started may not know its topics yet (seen on 2.7.2).
      for (const topic of ['odd', 'empty']) {
        await vi.waitFor(async () => expect(Object.keys(await endOffsets(cluster, topic))).toHaveLength(3), 30_000)
      }
      const same = await compareTopics({ source: cluster, target: cluster, topics: [['odd', 'odd']] })
      expect(same).toMatchObject({ equal: true, sourceRecords: 150, targetRecords: 150 })
      const nothing = await compareTopics({ source: cluster, target: cluster, topics: [['odd', 'empty']] })
      expect(nothing).toMatchObject({ equal: false, lost: 150, altered: 0, phantom: 0 })
    })

    it('writes and reads a timestamp of 0, which librdkafka can not write', async () => {
      await createTopic(cluster, 'zero', 2, KEEP)
      const explicit = [0, 1].flatMap((partition) => [
        { partition, key: null, value: '', headers: [['null', null] as const, ['', 'ff'] as const], timestamp: 0 },
        { partition, key: '', value: null, headers: [], timestamp: 300_000 }
      ])
      await writeRecords({ ...cluster, topic: 'zero', kind: 'explicit', explicit, raw: true })
      const records = await readRecords(cluster, 'zero', { partition: 1 })
      expect(records.map(({ offset: _, ...record }) => ({ partition: 1, ...record }))).toEqual(explicit.slice(2))
    })

    it('hides aborted and open transactions', async () => {
      await createTopic(cluster, 'transactions', 2)
      const written = await writeRecords({
        ...cluster,
        topic: 'transactions',
        partitions: 2,
        kind: 'transactional',
        records: 400,
        leaveOpen: true
      })
      expect(written).toMatchObject({ records: 300, aborted: 100 })
      const visible = await endOffsets(cluster, 'transactions')
      const all = await administer<Record<string, number>>(cluster, 'list_offsets', {
        topic: 'transactions',
        isolation: 'uncommitted'
      })
      expect(all['0']).toBeGreaterThan(visible['0'] ?? 0)
      const result = await compareTopics({
        source: cluster,
        target: cluster,
        topics: [['transactions', 'transactions']]
      })
      expect(result).toMatchObject({ equal: true, sourceRecords: 300 })
    })
  })

  describe('the comparison', () => {
    let broker: KafkaBroker
    let cluster: Cluster
    const original: ExplicitRecord[] = Array.from({ length: 20 }, (_, index) => ({
      key: index % 2 === 0 ? null : '6b',
      value: Buffer.from(`value ${index}`).toString('hex'),
      headers: [['null', null] as const, ['empty', ''] as const],
      timestamp: 1_700_000_000_000 + index
    }))

    beforeAll(async () => {
      broker = await startKafka({ version: '3.9.1' })
      cluster = { bootstrap: broker.bootstrapServers }
      await createTopic(cluster, 'original', 1, KEEP)
      await writeRecords({ ...cluster, topic: 'original', kind: 'explicit', explicit: original })
    })
    afterAll(() => broker?.stop())

    const change = (at: number, fields: ExplicitRecord): ExplicitRecord[] =>
      original.map((record, index) => (index === at ? { ...record, ...fields } : record))
    const without = (at: number): ExplicitRecord[] => original.filter((_, index) => index !== at)
    const moved = (from: number, to: number): ExplicitRecord[] => {
      const copy = [...original]
      copy.splice(to, 0, ...copy.splice(from, 1))
      return copy
    }

    it.concurrent.each([
      ['a changed value', change(7, { value: '00' }), { altered: 1, lost: 0, phantom: 0 }],
      ['a tombstone instead of a value', change(7, { value: null }), { altered: 1 }],
      ['an empty key instead of null', change(8, { key: '' }), { altered: 1 }],
      [
        'an empty header instead of null',
        change(7, { headers: [['null', ''] as const, ['empty', ''] as const] }),
        { altered: 1 }
      ],
      [
        'headers in another order',
        change(7, { headers: [['empty', ''] as const, ['null', null] as const] }),
        { altered: 1 }
      ],
      ['one header missing', change(7, { headers: [['null', null] as const] }), { altered: 1 }],
      ['another timestamp', change(7, { timestamp: 1_700_000_000_008 }), { altered: 1 }],
      ['a lost record', without(7), { lost: 1, altered: 0 }],
      ['a lost last record', without(19), { lost: 1 }],
      ['a record of nobody', [...original, { value: 'ff', timestamp: 5 }], { phantom: 1, lost: 0 }],
      ['a record twice', [...original, original[19] ?? {}], { duplicate: 1, reordered: 0 }],
      ['a re-delivered end', [...original.slice(0, 15), ...original.slice(10)], { duplicate: 5, reordered: 0 }],
      [
        'a re-delivery with a gap',
        [...original.slice(0, 15), ...original.slice(10, 12), ...original.slice(15)],
        { duplicate: 2, reordered: 1 }
      ],
      ['a late record', moved(3, 9), { reordered: 1, lost: 0, duplicate: 0 }]
    ])('finds %s', async (name, explicit, counts) => {
      const topic = name.replaceAll(' ', '-')
      await createTopic(cluster, topic, 1, KEEP)
      await writeRecords({ ...cluster, topic, kind: 'explicit', explicit })
      const result = await compareTopics({ source: cluster, target: cluster, topics: [['original', topic]] })
      expect(result, JSON.stringify(result.examples)).toMatchObject({ equal: false, ...counts })
    })

    it('finds nothing in a true copy, in order or not, and duplicates only where they are not allowed', async () => {
      await createTopic(cluster, 'copy', 1, KEEP)
      const records = await readRecords(cluster, 'original', { count: 100 })
      await writeRecords({
        ...cluster,
        topic: 'copy',
        kind: 'explicit',
        explicit: records.map((record) => ({ ...record }))
      })
      const topics = [['original', 'copy']] as const
      for (const mode of ['same', 'zero', 'multiset'] as const) {
        expect(await compareTopics({ source: cluster, target: cluster, topics, mode })).toMatchObject({ equal: true })
      }
      await writeRecords({ ...cluster, topic: 'copy', kind: 'explicit', explicit: original.slice(18) })
      expect(await compareTopics({ source: cluster, target: cluster, topics })).toMatchObject({
        equal: false,
        duplicate: 2
      })
      const tolerant = await compareTopics({ source: cluster, target: cluster, topics, allowDuplicates: true })
      expect(tolerant).toMatchObject({ equal: true, duplicate: 2 })
    })

    it('sees a checkpoint beyond a lost record', async () => {
      await createTopic(cluster, 'gap', 1, KEEP)
      await writeRecords({ ...cluster, topic: 'gap', kind: 'explicit', explicit: without(7) })
      await administer(cluster, 'commit_offsets', { group: 'mirror', topic: 'original', offsets: { 0: 8 } })
      const request = { source: cluster, target: cluster, topics: [['original', 'gap']] as const, group: 'mirror' }
      expect((await compareTopics(request)).earlyCheckpoints).toEqual([
        { topic: 'original', partition: 0, committed: 8, firstMissing: 7 }
      ])
      await administer(cluster, 'commit_offsets', { group: 'mirror', topic: 'original', offsets: { 0: 7 } })
      expect((await compareTopics(request)).earlyCheckpoints).toEqual([])
    })

    it('writes in the background until it is told to stop', async () => {
      await createTopic(cluster, 'stream', 2)
      const writer = await startWriting({ ...cluster, topic: 'stream', partitions: 2, records: 0, rate: 2000 })
      await expect
        .poll(async () => (await endOffsets(cluster, 'stream'))['1'], { timeout: 20_000 })
        .toBeGreaterThan(100)
      const { records } = await writer.stop()
      const ends = await endOffsets(cluster, 'stream')
      expect(Object.values(ends).reduce((sum, end) => sum + end, 0)).toBe(records)
    })
  })
})
