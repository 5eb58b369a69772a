import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTopic, readRecords, writeRecords, type Cluster } from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import type { KafkaVersion } from '../../kafka/versions.ts'
import { RuleGround, TRUE_COPY } from './rule-ground.ts'

// Every version on either side, with everything a record can be.

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
/** Odd records are up to half a century old. */
const KEEP = { 'retention.ms': '-1' }
const ODD = 200

const MIXES: readonly { source: KafkaVersion; target: KafkaVersion; compression: string }[] = [
  { source: '2.7.2', target: '4.1.0', compression: 'zstd' },
  { source: '4.1.0', target: '2.7.2', compression: 'lz4' },
  { source: '3.9.1', target: '3.9.1', compression: 'snappy' }
]

describeWithBrokers('versions', () => {
  describe.each(MIXES)('Kafka $source to $target', ({ source, target, compression }) => {
    let ground: RuleGround

    const writeOdd = async (codec: (typeof CODECS)[number]): Promise<void> => {
      const topic = `odd.${codec}`
      await createTopic(ground.source, topic, 3, KEEP)
      await writeRecords({ ...ground.source, topic, kind: 'odd', partitions: 3, records: ODD, codecs: [codec] })
    }
    const writeTransactions = async (): Promise<void> => {
      const topic = 'transactions'
      await createTopic(ground.source, topic, 3)
      const transactional = { ...ground.source, kind: 'transactional', abortEvery: 3, perTransaction: 100 } as const
      await writeRecords({ ...transactional, topic, partitions: 3, records: 600 })
    }

    beforeAll(async () => {
      ground = await RuleGround.start({ source, target })
      await Promise.all([...CODECS.map(writeOdd), writeTransactions()])
    })
    afterAll(() => ground?.stop())

    it('odd records of every codec and the committed ones of transactions, once and unchanged', async () => {
      const job = await ground.job('versions', {
        target: { properties: { 'compression.type': compression } },
        topics: { include: ['/^odd\\..+/', 'transactions'], targetName: 'copy.#{source_Topic_name}' }
      })
      const run = await job.run()
      const records = CODECS.length * ODD + 400
      expect(run, run.stderr).toMatchObject({
        exitCode: 0,
        summary: { name: 'versions', state: 'COMPLETED', records, altered: 0 }
      })
      const pairs = [...CODECS.map((codec) => `odd.${codec}`), 'transactions'].map(
        (topic) => [topic, `copy.${topic}`] as const
      )
      const comparison = await ground.compare(pairs, { group: 'versions' })
      expect(comparison, JSON.stringify(comparison.examples)).toMatchObject({
        ...TRUE_COPY,
        sourceRecords: records,
        targetRecords: records,
        earlyCheckpoints: []
      })
      // The comparison is the checker's; this is seen by eye: a tombstone, an empty value, a header twice, a null one.
      const first = async (cluster: Cluster, topic: string) =>
        (await readRecords(cluster, topic, { count: 20 })).map(({ key, value, headers, timestamp }) => {
          return { key, value, headers, timestamp }
        })
      expect(await first(ground.target, 'copy.odd.zstd')).toEqual(await first(ground.source, 'odd.zstd'))

      const again = await job.run()
      expect(again, again.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', records: 0 } })
    })
  })
})
