import { take } from 'rxjs'
import { afterEach, describe, expect, it } from 'vitest'
import { MillraceError } from '../../src/model/millrace-error.ts'
import { rewindReader } from '../../src/source/rewind-reader.ts'
import { FakePayload } from '../client/fake-payload.ts'
import { batchSource } from '../../src/source/batch-source.ts'
import { recordAt } from '../model/batch-of.ts'
import { fillSource, sleep, startSource, until } from './source-under-test.ts'
import type { SourceUnderTest } from './source-under-test.ts'

let running: SourceUnderTest | undefined

function start(...given: Parameters<typeof startSource>): SourceUnderTest {
  running = startSource(...given)
  return running
}

afterEach(() => running?.subscription.unsubscribe())

const spans = (source: SourceUnderTest) => source.out.map(({ from, to, count }) => [from, to, count])

describe('what a partition has', () => {
  it('nothing: nothing comes out', async () => {
    const source = start(20_000)
    source.add(0)
    await sleep(30)
    expect([source.out, source.errors]).toEqual([[], []])
  })

  it('control records at the end are covered by a batch without records', async () => {
    const source = start(20_000)
    fillSource(source.cluster, 0, 3)
    source.cluster.skip('orders', 0, 4)
    source.add(0)
    await until('the end', () => source.readers.get({ topic: 'orders', partition: 0 })?.position === 7)
    expect(spans(source)).toEqual([
      [0, 3, 3],
      [3, 7, 0]
    ])
  })

  it('holes between records are covered by the batch behind them', async () => {
    const source = start(20_000)
    source.consumer.maxRecords = 2
    fillSource(source.cluster, 0, 2)
    source.cluster.skip('orders', 0, 3)
    fillSource(source.cluster, 0, 2)
    source.add(0)
    await until('two batches', () => source.out.length === 2)
    expect(spans(source)).toEqual([
      [0, 2, 2],
      [2, 7, 2]
    ])
  })

  it('an offset that is gone is told, and not retried', async () => {
    const source = start(20_000)
    fillSource(source.cluster, 0, 5)
    source.cluster.removeBefore('orders', 0, 3)
    source.add(0)
    await until('the error', () => source.partitionErrors.length === 1)
    expect(source.partitionErrors[0]).toMatchObject({ topic: 'orders', partition: 0, offset: 0 })
  })
})

describe('records that nobody wants any more', () => {
  it('of a revoked partition are given back', async () => {
    const source = start(20_000)
    source.add(0)
    source.readers.remove({ topic: 'orders', partition: 0 })
    fillSource(source.cluster, 0, 5)
    await sleep(30)
    expect(source.out).toEqual([])
    expect(source.consumer.heldRecords()).toBe(0)
  })

  it('of a stopped partition are given back', async () => {
    const source = start(20_000)
    source.add(0).end('stopped')
    fillSource(source.cluster, 0, 5)
    await sleep(30)
    expect(source.out).toEqual([])
    expect(source.consumer.heldRecords()).toBe(0)
  })

  it('are given back when nobody is subscribed any more, held ones too', async () => {
    const source = start(20_000, { maxHoldMs: 5000 })
    fillSource(source.cluster, 0, 5)
    source.full.add(0)
    source.add(0)
    await until('the hold', () => source.demand.charged > 0)
    source.subscription.unsubscribe()
    await source.whenEnded()
    expect(source.consumer.heldRecords()).toBe(0)
    expect(source.demand.charged).toBe(0)
  })

  it('that follow the last wanted batch of a poll are given back', async () => {
    const source = start(50_000, { partitions: 3 })
    source.subscription.unsubscribe()
    await source.whenEnded()
    for (const partition of [0, 1, 2]) fillSource(source.cluster, partition, 2)
    for (const partition of [0, 1, 2]) source.add(partition)
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => (end = resolve))
    const options = {
      pollBytes: 10_000,
      pollTimeoutMs: 5,
      maxHoldMs: 1000,
      pauseAfterMs: 1000,
      seekTimeoutMs: 1000,
      targetIsFull: () => false,
      clock: { spent: () => undefined },
      onHandedOut: () => undefined,
      onPartitionError: () => undefined,
      onEnd: () => end()
    }
    const first = await new Promise<number>((resolve) => {
      const one = batchSource(source.consumer, source.readers, source.demand, options).pipe(take(1))
      one.subscribe((batch) => {
        batch.drop()
        resolve(batch.count)
      })
    })
    await ended
    expect(first).toBe(2)
    expect(source.consumer.heldRecords()).toBe(0)
  })
})

describe('a rewind', () => {
  it('reads again from there, without the records of the poll it interrupts, and loses none', async () => {
    const source = start(200_000)
    fillSource(source.cluster, 0, 20)
    const reader = source.add(0)
    await until('the records', () => reader.position === 20)
    source.settle()
    // A poll waits for more just now: what it returns when the seek wakes it must not be lost.
    await rewindReader(source.consumer, reader, 5, 1000)
    await until('the records again', () => reader.position === 20)
    expect(spans(source).at(0)).toEqual([5, expect.any(Number), expect.any(Number)])
    expect(source.out.reduce((sum, { count }) => sum + count, 0)).toBe(15)
    expect(source.errors).toEqual([])
  })

  it('waits for a poll whose answer is on its way: its records are from before', async () => {
    const source = start(200_000, { pollBytes: 100_000 })
    source.consumer.maxRecords = 10
    const poll = source.consumer.poll.bind(source.consumer)
    let answers = 0
    source.consumer.poll = async (maxBytes, timeoutMs) => {
      const answer = await poll(maxBytes, timeoutMs)
      if (answer.fetched.length > 0) {
        answers += 1
        await sleep(30)
      }
      return answer
    }
    fillSource(source.cluster, 0, 20)
    const reader = source.add(0)
    await until('the second answer', () => answers === 2)
    const rewound = rewindReader(source.consumer, reader, 5, 1000)
    source.settle()
    await rewound
    await until('the records again', () => reader.position === 20)
    expect(spans(source)).toEqual([
      [5, 15, 10],
      [15, 20, 5]
    ])
  })

  it('overruled by another one ends without its own seek', async () => {
    const source = start(200_000)
    fillSource(source.cluster, 0, 20)
    const reader = source.add(0)
    await until('the records', () => reader.position === 20)
    source.settle()
    const seeks: number[] = []
    const seek = source.consumer.seek.bind(source.consumer)
    source.consumer.seek = async (position, timeoutMs) => {
      seeks.push(position.offset)
      await seek(position, timeoutMs)
    }
    await Promise.all([rewindReader(source.consumer, reader, 12, 1000), rewindReader(source.consumer, reader, 3, 1000)])
    await until('the records again', () => reader.position === 20)
    expect(seeks).toEqual([3])
    expect(source.out[0]?.from).toBe(3)
  })

  it('that fails is told while it is wanted, and not after the partition has ended', async () => {
    const source = start(20_000)
    const reader = source.add(0)
    source.consumer.seek = async () => {
      await sleep(5)
      throw new MillraceError({ code: 'MR_SEEK_FAILED', kind: 'retry', message: 'no' })
    }
    await expect(rewindReader(source.consumer, reader, 0, 10)).rejects.toMatchObject({ code: 'MR_SEEK_FAILED' })
    const rewinding = rewindReader(source.consumer, reader, 0, 10)
    reader.end('stopped')
    await expect(rewinding).resolves.toBeUndefined()
    expect(reader.state).toBe('stopped')
  })
})

describe('a consumer that fails', () => {
  it('is an error of the stream', async () => {
    const source = start(20_000)
    source.add(0)
    source.consumer.poll = async () => {
      await Promise.resolve()
      throw new Error('broken')
    }
    await until('the error', () => source.errors.length === 1)
    await source.whenEnded()
  })

  it('by going back is an error that names the offset, and every record is given back', async () => {
    const source = start(20_000)
    source.full.add(1)
    source.add(0, 10)
    source.add(1, 10)
    const held = { records: 6 }
    const fetchedAt = (partition: number, offset: number) => {
      const payload = new FakePayload([recordAt(offset), recordAt(offset + 1)], held)
      return { topic: 'orders', partition, leaderEpoch: -1, payload }
    }
    source.consumer.poll = async () => {
      await sleep(1)
      return { fetched: [fetchedAt(1, 10), fetchedAt(0, 4), fetchedAt(0, 12)], ends: [], errors: [] }
    }
    await until('the error', () => source.errors.length === 1)
    expect(source.errors[0]).toMatchObject({ code: 'MR_WENT_BACK', place: { partition: 0, offset: 4 } })
    await source.whenEnded()
    expect(held.records).toBe(0)
    expect(source.demand.charged).toBe(0)
  })
})

describe('a batch that can not be read', () => {
  it('is not skipped: what comes behind it in the same poll is given back, what comes before is handed out', async () => {
    const source = start(20_000)
    source.add(0, 10)
    source.add(1, 10)
    const held = { records: 8 }
    const fetchedAt = (partition: number, ...offsets: number[]) => {
      const payload = new FakePayload(
        offsets.map((offset) => recordAt(offset)),
        held
      )
      return { topic: 'orders', partition, leaderEpoch: -1, payload }
    }
    const broken = {
      topic: 'orders',
      partition: 0,
      offset: 12,
      code: -199,
      name: '_BAD_MSG',
      text: 'CRC',
      retriable: false
    }
    let polls = 0
    source.consumer.poll = async () => {
      await sleep(1)
      polls += 1
      if (polls > 1) return { fetched: [], ends: [], errors: [] }
      return {
        fetched: [fetchedAt(0, 10, 11, 15), fetchedAt(0, 16, 17), fetchedAt(1, 10, 11, 12)],
        ends: [{ topic: 'orders', partition: 0, offset: 18 }],
        errors: [broken]
      }
    }
    await until('the error', () => source.partitionErrors.length === 1)
    expect(source.out.map(({ source: { partition }, from, to }) => [partition, from, to])).toEqual([
      [0, 10, 12],
      [1, 10, 13]
    ])
    expect(held.records).toBe(5)
    source.settle()
  })
})
