import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { AuditEntry } from '../../../src/model/audit-entry.ts'
import {
  administer,
  createTopic,
  endOffsets,
  readRecords,
  writeRecords,
  type ExplicitRecord
} from '../../helpers/checker.ts'
import { describeWithBrokers } from '../../helpers/describe-with-brokers.ts'
import { ClusterPair } from './cluster-pair.ts'
import { tellResult } from './fault-results.ts'

// The faults Q3 and Q4: what a target refuses, foreseen or not, under each policy.

const SECOND = 1000
const MIB = 1024 * 1024
const LARGE_RECORDS = { 'message.max.bytes': 10_000_000 }

const hex = (text: string): string => Buffer.from(text).toString('hex')
const text = (bytes: string | null): string => Buffer.from(bytes ?? '', 'hex').toString()

describeWithBrokers('records that the target refuses', () => {
  let pair: ClusterPair

  beforeAll(async () => {
    pair = await ClusterPair.start()
  })
  afterEach(() => pair?.endProcesses())
  afterAll(() => pair?.stop())

  const write = async (topic: string, explicit: readonly ExplicitRecord[]) =>
    await writeRecords({ ...pair.sourceCluster, config: LARGE_RECORDS, topic, kind: 'explicit', explicit })

  const readTarget = async (topic: string, partition = 0) =>
    await readRecords({ ...pair.targetCluster, config: { 'fetch.message.max.bytes': 10_000_000 } }, topic, {
      partition,
      count: 100_000
    })

  const auditOf = async (name: string): Promise<AuditEntry[]> => {
    const lines = await readFile(join(pair.directory, `${name}.state`, 'audit.jsonl'), 'utf8')
    return lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntry)
  }

  /** 60 small records over two partitions, and one of 2 MB behind the tenth of partition 0, which the target does not take. */
  const twoMegabytes = async (topic: string) => {
    await pair.createSourceTopic(topic, 2, { 'max.message.bytes': '5000000' })
    await createTopic(pair.targetCluster, topic, 2)
    const large: ExplicitRecord = {
      partition: 0,
      key: 'ff00',
      value: randomBytes(2 * MIB).toString('hex'),
      headers: [
        ['first', 'ff00'],
        ['null', null],
        ['first', '']
      ],
      timestamp: 1_700_000_000_123
    }
    const small = Array.from({ length: 60 }, (_, index): ExplicitRecord => {
      return { partition: index % 2, key: hex(`${index}`), value: hex(`value ${index}`) }
    })
    await write(topic, [...small.slice(0, 20), large, ...small.slice(20)])
    return {
      large,
      keysOf: (partition: number) => small.filter((one) => one.partition === partition).map(({ key }) => key)
    }
  }

  it('stop: the partition stops at the record, nothing behind it is copied', async () => {
    const topic = 'large-stop'
    const { keysOf } = await twoMegabytes(topic)
    const job = await pair.job(topic, {
      target: { accept: ['reject'] },
      topics: { include: [topic] },
      stop: { at: 'end' }
    })
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({ exitCode: 1, summary: { state: 'FAILED', records: 40, skipped: 0 } })
    expect(end.stderr).toMatch(/large-stop-0 stopped, MR_RECORD_REFUSED: .*offset 10: MSG_SIZE_TOO_LARGE/)
    expect(end.stderr).not.toContain('made its producer anew')
    expect((await readTarget(topic)).map(({ key }) => key)).toEqual(keysOf(0).slice(0, 10))
    expect((await readTarget(topic, 1)).map(({ key }) => key)).toEqual(keysOf(1))
  })

  it('skip: the neighbours go through in order and once, the audit trail has the record', async () => {
    const topic = 'large-skip'
    const { keysOf } = await twoMegabytes(topic)
    const job = await pair.job(topic, { onBadRecord: 'skip', topics: { include: [topic] }, stop: { at: 'end' } })
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({
      exitCode: 0,
      summary: { state: 'COMPLETED', records: 60, skipped: 1, deadLettered: 0 }
    })
    expect(end.stderr).toContain('MR_TARGET_REJECTS')
    expect(end.stderr).not.toContain('made its producer anew')
    for (const partition of [0, 1]) {
      expect((await readTarget(topic, partition)).map(({ key }) => key)).toEqual(keysOf(partition))
    }
    expect(await auditOf(topic)).toMatchObject([
      {
        source: { topic, partition: 0, offset: 10 },
        count: 1,
        target: { topic, partition: 0 },
        reason: 'MSG_SIZE_TOO_LARGE',
        policy: 'skip'
      }
    ])
    await expect(job.run()).resolves.toMatchObject({ exitCode: 0, summary: { records: 0, skipped: 0 } })
  })

  it('dead-letter: the topic is made for it and has all of the record, and where it is from', async () => {
    const topic = 'large-letter'
    const { large, keysOf } = await twoMegabytes(topic)
    const job = await pair.job(topic, { onBadRecord: 'dead-letter', topics: { include: [topic] }, stop: { at: 'end' } })
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({
      exitCode: 0,
      summary: { state: 'COMPLETED', records: 60, skipped: 0, deadLettered: 1 }
    })
    for (const partition of [0, 1]) {
      expect((await readTarget(topic, partition)).map(({ key }) => key)).toEqual(keysOf(partition))
    }
    const letters = await readTarget(`${topic}-dead-letter`)
    expect(letters).toHaveLength(1)
    const [letter] = letters
    const { headers = [] } = letter ?? {}
    expect(letter).toMatchObject({ key: large.key, timestamp: large.timestamp })
    expect(letter?.value === large.value).toBe(true)
    expect(headers.slice(0, 3)).toEqual(large.headers)
    expect(headers.slice(3).map(([name, value]) => [name, text(value)])).toEqual([
      ['millrace.job', topic],
      ['millrace.source.topic', topic],
      ['millrace.source.partition', '0'],
      ['millrace.source.offset', '10'],
      ['millrace.target.topic', topic],
      ['millrace.target.partition', '0'],
      ['millrace.reason', 'MSG_SIZE_TOO_LARGE'],
      ['millrace.time', expect.stringMatching(/Z$/)]
    ])
    expect(await auditOf(topic)).toMatchObject([
      { policy: 'dead-letter', deadLetter: { topic: `${topic}-dead-letter`, partition: 0, offset: 0 } }
    ])
    const [neighbour] = await readTarget(topic)
    expect(neighbour).toMatchObject({ key: hex('0'), value: hex('value 0'), headers: [] })
  })

  it('dead-letter in a file: bytes in base64', async () => {
    const topic = 'large-file'
    const { large } = await twoMegabytes(topic)
    const file = join(pair.directory, 'dead.jsonl')
    const job = await pair.job(topic, {
      onBadRecord: 'dead-letter',
      deadLetter: { file },
      topics: { include: [topic] },
      stop: { at: 'end' }
    })
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { records: 60, deadLettered: 1 } })
    const letter = JSON.parse(await readFile(file, 'utf8')) as {
      key: string
      value: string
      headers: { name: string; value: string | null }[]
    }
    const bytes = (base64: string | null) => (base64 === null ? null : Buffer.from(base64, 'base64').toString('hex'))
    expect(bytes(letter.key)).toBe(large.key)
    expect(bytes(letter.value) === large.value).toBe(true)
    expect(letter.headers.map(({ name, value }) => [text(bytes(name)), bytes(value)])).toEqual(large.headers)
    expect(letter).toMatchObject({ source: { topic, partition: 0, offset: 10 }, timestamp: large.timestamp })
  })

  it('by their time: skipped, the others go through', async () => {
    const topic = 'old'
    await pair.createSourceTopic(topic, 1, { 'retention.ms': '-1' })
    await createTopic(pair.targetCluster, topic, 1, {
      'retention.ms': '-1',
      'message.timestamp.before.max.ms': String(3_600_000)
    })
    const old = Date.now() - 24 * 3_600_000
    const explicit = Array.from({ length: 30 }, (_, index): ExplicitRecord => {
      return { key: hex(`${index}`), value: 'aa', timestamp: index % 10 === 3 ? old : Date.now() }
    })
    await write(topic, explicit)
    const job = await pair.job(topic, { onBadRecord: 'skip', topics: { include: [topic] }, stop: { at: 'end' } })
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { records: 27, skipped: 3 } })
    expect(end.stderr).not.toContain('made its producer anew')
    const kept = explicit.filter((_, index) => index % 10 !== 3).map(({ key }) => key)
    expect((await readTarget(topic)).map(({ key }) => key)).toEqual(kept)
    expect((await auditOf(topic)).map(({ reason, source }) => [reason, source.offset])).toEqual(
      [3, 13, 23].map((offset) => ['INVALID_TIMESTAMP', offset])
    )
  })

  it('by headers, which nobody foresees: the producer is made anew, the record is a dead letter, its neighbours are there', async () => {
    const topic = 'large-headers'
    await pair.createSourceTopic(topic, 2, { 'max.message.bytes': '5000000' })
    await createTopic(pair.targetCluster, topic, 2)
    const large: ExplicitRecord = {
      partition: 0,
      key: hex('large'),
      value: 'aa',
      headers: [['h', randomBytes(2 * MIB).toString('hex')]]
    }
    const small = Array.from({ length: 200 }, (_, index): ExplicitRecord => {
      return { partition: index % 2, key: hex(`${index}`), value: hex('v') }
    })
    await write(topic, [...small.slice(0, 100), large, ...small.slice(100)])
    const job = await pair.job(topic, { onBadRecord: 'dead-letter', topics: { include: [topic] }, stop: { at: 'end' } })
    const end = await job.run()
    expect(end, end.stderr).toMatchObject({ exitCode: 0, summary: { state: 'COMPLETED', deadLettered: 1 } })
    expect(end.stderr).toContain('made its producer anew')
    for (const partition of [0, 1]) {
      const keys = (await readTarget(topic, partition)).map(({ key }) => key)
      const expected = small.filter((one) => one.partition === partition).map(({ key }) => key)
      expect([...new Set(keys)]).toEqual(expected)
    }
    const letters = await readTarget(`${topic}-dead-letter`)
    expect(letters.map(({ key }) => key)).toEqual([large.key])
    expect(letters[0]?.headers[0]?.[1] === large.headers?.[0]?.[1]).toBe(true)
  })

  it('Q4: a limit that is lowered while it runs makes requests smaller; only records over it are dead letters', async () => {
    const topic = 'lowered'
    await pair.createSourceTopic(topic, 2)
    await createTopic(pair.targetCluster, topic, 2)
    const load = await pair.startLoad({ topic, partitions: 2, size: 1000, rate: 20_000 })
    const job = await pair.job(topic, {
      onBadRecord: 'dead-letter',
      topics: { include: [topic] },
      checkpoint: { interval: '500ms' }
    })
    const run = job.start()
    await expect.poll(() => pair.copied(topic), { timeout: 30 * SECOND }).toBeGreaterThan(20_000)
    await administer(pair.targetCluster, 'alter_configs', { topic, configs: { 'max.message.bytes': '20000' } })
    await run.printed(/made its producer anew/)
    const before = await pair.copied(topic)
    await expect.poll(() => pair.copied(topic), { timeout: 30 * SECOND }).toBeGreaterThan(before + 20_000)
    const explicit = Array.from({ length: 6 }, (_, index): ExplicitRecord => {
      return { partition: index % 2, key: hex(`large ${index}`), value: randomBytes(50_000).toString('hex') }
    })
    await write(topic, explicit)
    await load.stop()
    const letters = async () => (await endOffsets(pair.targetCluster, `${topic}-dead-letter`))['0']
    await expect.poll(letters, { timeout: 60 * SECOND }).toBe(6)
    run.kill('SIGTERM')
    const end = await run.finished()
    expect(end, end.stderr).toMatchObject({ exitCode: 143, summary: { deadLettered: 6, skipped: 0 } })
    expect(end.stderr).not.toMatch(/stopped, MR_/)
    await expect(job.runToEnd()).resolves.toMatchObject({ exitCode: 0 })
    // Dead letters are missing here, and commits go past them.
    const comparison = await pair.compare([topic])
    await tellResult('Q4', topic, { ...comparison, lost: comparison.lost - 6 })
    expect(comparison).toMatchObject({ lost: 6, reordered: 0, phantom: 0, altered: 0 })
    expect((await auditOf(topic)).every(({ policy }) => policy === 'dead-letter')).toBe(true)
  })
})
