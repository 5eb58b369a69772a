import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MillraceError } from '../../src/model/millrace-error.ts'
import type { RecordView } from '../../src/model/batch.ts'
import { RECORD_FRAME_BYTES } from '../../src/sink/record-bounds.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { FakeProducer } from '../client/fake-producer.ts'
import { committedOf, eventsOf, fill, startMirror, until, valuesOf } from './mirror-under-test.ts'
import type { MirrorSetting, MirrorUnderTest } from './mirror-under-test.ts'

const DEAD = 'copy-dead-letter'
const LARGEST = 40
const TOO_LARGE = { code: 10, name: 'MSG_SIZE_TOO_LARGE' }
const OTHERS = [0, 1, 2].map((partition) => ({ partition, count: 30 }))

let source: FakeCluster
let target: FakeCluster
let running: MirrorUnderTest[]

beforeEach(() => {
  source = new FakeCluster()
  target = new FakeCluster()
  source.createTopic('orders', 3)
  target.createTopic('orders', 3)
  target.createTopic(DEAD, 2)
  running = []
})

afterEach(async () => {
  for (const { mirror } of running) await mirror.stop(0).catch(() => undefined)
})

const sizeOf = ({ value }: RecordView): number => value?.length ?? 0

/** A target whose topic takes no value longer than LARGEST. */
const refuseLarge = (producer: FakeProducer): void => {
  producer.refuse = (record, { topic }) => (topic !== DEAD && sizeOf(record) > LARGEST ? TOO_LARGE : undefined)
}

function start(setting: Partial<MirrorSetting> = {}): MirrorUnderTest {
  const started = startMirror({ source, target, onProducer: refuseLarge, ...setting })
  started.consumer.maxRecords = 7
  running.push(started)
  return started
}

/** What a worker that asked for the limits of the target knows. */
const foreseen: Partial<MirrorSetting> = {
  prepared: (of) => ({ ...of, limits: { maxMessageBytes: LARGEST + RECORD_FRAME_BYTES } })
}

const textOf = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString()
const large = (name: string): string => `${name} ${'x'.repeat(LARGEST)}`

/** 10 records, a large one, 10 records, two large ones, 10 records in partition 1; 30 small ones in the others. */
function fillAll(): void {
  for (const { partition, count } of OTHERS) if (partition !== 1) fill(source, 'orders', partition, count)
  fill(source, 'orders', 1, 10)
  source.append('orders', 1, {
    value: large('first'),
    key: 'k1',
    headers: [{ name: Buffer.from('h'), value: Buffer.from('v') }]
  })
  fill(source, 'orders', 1, 10)
  source.append('orders', 1, { value: large('second') }, { value: large('third') })
  fill(source, 'orders', 1, 10)
}

const smallOf = (partition: number): string[] => {
  return valuesOf(source, 'orders', partition).filter((value) => value.length <= LARGEST)
}

describe.each([
  ['foreseen', foreseen],
  ['unforeseen', {}]
])('records that the target refuses, %s', (when, setting) => {
  it('are skipped: the others go through in order, and the audit trail has each', async () => {
    fillAll()
    const started = start({ ...setting, badRecords: { policyOf: () => 'skip' } })
    await until('everything', () => committedOf(source, 'orders', 1) === 33)
    expect([...new Set(valuesOf(target, 'orders', 1))]).toEqual(smallOf(1))
    expect([...new Set(started.audited.map(({ source: { offset } }) => offset))]).toEqual([10, 21, 22])
    expect(started.audited[0]).toMatchObject({
      source: { topic: 'orders', partition: 1, offset: 10 },
      count: 1,
      target: { topic: 'orders', partition: 1 },
      reason: 'MSG_SIZE_TOO_LARGE',
      policy: 'skip'
    })
    expect(started.mirror.status().partitions[1]).toMatchObject({ state: 'copying', skipped: 3, deadLettered: 0 })
    expect(eventsOf(started, 'partition-stopped')).toEqual([])
    expect(eventsOf(started, 'bad-record')).toHaveLength(1)
    if (when === 'unforeseen') return
    for (const { partition } of OTHERS) expect(valuesOf(target, 'orders', partition)).toEqual(smallOf(partition))
    expect(started.audited).toHaveLength(3)
    expect(eventsOf(started, 'producer-remade')).toEqual([])
  })

  it('become dead letters with all they had, before their partition is committed past them', async () => {
    fillAll()
    const started = start({ ...setting, badRecords: { policyOf: () => 'dead-letter' } })
    await until('everything', () => committedOf(source, 'orders', 1) === 33)
    expect([...new Set(valuesOf(target, 'orders', 1))]).toEqual(smallOf(1))
    const letters = target.records(DEAD, 1)
    expect(letters.map(({ value }) => Buffer.from(value ?? []).toString())).toEqual(
      ['first', 'second', 'third'].map(large)
    )
    const [original] = source.records('orders', 1).filter((record) => sizeOf(record) > LARGEST)
    const [letter] = letters
    expect(letter).toMatchObject({ key: original?.key, value: original?.value, timestamp: original?.timestamp })
    expect(letter?.headers.map(({ name, value }) => `${textOf(name)}=${textOf(value)}`)).toEqual([
      'h=v',
      'millrace.job=copy',
      'millrace.source.topic=orders',
      'millrace.source.partition=1',
      'millrace.source.offset=10',
      'millrace.target.topic=orders',
      'millrace.target.partition=1',
      'millrace.reason=MSG_SIZE_TOO_LARGE',
      expect.stringMatching(/^millrace\.time=20.*Z$/)
    ])
    expect(started.audited.map(({ deadLetter }) => deadLetter)).toEqual(
      [0, 1, 2].map((offset) => ({ topic: DEAD, partition: 1, offset }))
    )
    expect(started.mirror.status().partitions[1]).toMatchObject({ skipped: 0, deadLettered: 3 })
  })

  it('stop their partition where nothing else was said', async () => {
    fillAll()
    const started = start(setting)
    await until('the others', () => committedOf(source, 'orders', 0) === 30 && committedOf(source, 'orders', 2) === 30)
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    await started.mirror.stop(1000)
    expect(valuesOf(target, 'orders', 1)).toEqual(valuesOf(source, 'orders', 1).slice(0, 10))
    expect(committedOf(source, 'orders', 1)).toBe(10)
    expect(started.audited).toEqual([])
  })

  it('that the dead-letter topic refuses, too, stop their partition', async () => {
    fillAll()
    const started = start({
      ...setting,
      badRecords: { policyOf: () => 'dead-letter' },
      onProducer: (producer) => {
        producer.refuse = (record) => (sizeOf(record) > LARGEST ? TOO_LARGE : undefined)
      }
    })
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    expect(eventsOf(started, 'partition-stopped')[0]?.reason).toMatchObject({
      code: 'MR_DEAD_LETTER_REFUSED',
      place: { offset: 10 }
    })
    expect(started.audited).toEqual([])
  })

  it('stop their partition when there is no dead-letter topic', async () => {
    fillAll()
    const started = start({ ...setting, badRecords: { policyOf: () => 'dead-letter', deadLetter: { topic: 'none' } } })
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    expect(eventsOf(started, 'partition-stopped')[0]?.reason.code).toBe('MR_DEAD_LETTER_REFUSED')
  })

  it('stop their partition when the audit trail can not be written', async () => {
    fillAll()
    const started = start({
      ...setting,
      badRecords: {
        policyOf: () => 'skip',
        audit: async () => {
          await Promise.resolve()
          throw new MillraceError({ code: 'MR_AUDIT_FAILED', kind: 'configuration', message: 'disk full' })
        }
      }
    })
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    await started.mirror.stop(1000)
    expect(eventsOf(started, 'partition-stopped')[0]?.reason.code).toBe('MR_AUDIT_FAILED')
    expect(committedOf(source, 'orders', 1)).toBe(10)
  })

  it('are treated by topic', async () => {
    source.createTopic('other', 1)
    target.createTopic('other', 1)
    source.append('other', 0, { value: large('other') }, { value: 'small' })
    fillAll()
    const started = start({ ...setting, badRecords: { policyOf: (topic) => (topic === 'other' ? 'skip' : 'stop') } })
    started.mirror.subscribe(['orders', 'other'])
    await until('the other', () => committedOf(source, 'other', 0) === 2)
    await until('the stop', () => eventsOf(started, 'partition-stopped').length === 1)
    expect(valuesOf(target, 'other', 0)).toEqual(['small'])
  })
})

describe('a request that is refused as a whole for its size', () => {
  it('leads to smaller requests, and no record is suspected as long as that helps', async () => {
    fillAll()
    const asked: number[] = []
    const started = start({
      options: {
        createProducer: async (batchBytes) => {
          await Promise.resolve()
          asked.push(batchBytes)
          return new FakeProducer(target)
        }
      },
      badRecords: { batchBytes: 1_000_000 },
      onProducer: () => undefined
    })
    const [first] = started.producers
    if (first === undefined) throw new Error('no producer')
    // As a broker whose limit was lowered answers: every record of the request is told to be at fault.
    first.send = async (payload) => {
      await Promise.resolve()
      const { firstOffset: offset, count } = payload
      payload.release()
      const ranges = [{ offset, count: Math.max(2, count) }]
      return {
        delivered: 0,
        altered: 0,
        runs: [],
        failure: { ...TOO_LARGE, offset, count, kind: 'refused', fault: { ...TOO_LARGE, ranges } }
      }
    }
    await until('everything', () => committedOf(source, 'orders', 1) === 33)
    expect(asked).toEqual([250_000])
    expect(started.audited).toEqual([])
    expect(valuesOf(target, 'orders', 1)).toEqual(valuesOf(source, 'orders', 1))
  })
})

describe('records whose timestamp can not be kept', () => {
  it('are in the audit trail', async () => {
    source.append('orders', 0, { value: 'a', timestamp: 5 }, { value: 'b', timestamp: 0 }, { value: 'c', timestamp: 0 })
    const started = start()
    await until('everything', () => committedOf(source, 'orders', 0) === 3)
    expect(started.audited).toMatchObject([
      {
        source: { topic: 'orders', partition: 0, offset: 1 },
        count: 2,
        policy: 'altered',
        reason: 'TIMESTAMP_NOT_WRITABLE'
      }
    ])
  })
})
