import { describe, expect, it } from 'vitest'
import { DigestReader, type DigestReaderOptions } from '../../src/verify/digest-reader.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'

function ground(options: Partial<DigestReaderOptions> = {}) {
  const cluster = new FakeCluster()
  cluster.createTopic('t', 2)
  const consumer = new FakeConsumer(cluster, 'g')
  consumer.maxRecords = 10
  const reader = new DigestReader(consumer, { cluster: 'source', withTimestamps: true, pollBytes: 1 << 20, ...options })
  const taken: { spans: number[]; records: number }[] = []
  let ended = 0
  let waiting = 0
  const sink = {
    take: ({ spans, words }: { spans: Float64Array; words: Uint32Array }): number => {
      taken.push({ spans: [...spans], records: words.length / 4 })
      waiting += words.length / 4
      return waiting
    },
    end: (): void => void (ended += 1)
  }
  return { cluster, consumer, reader, sink, taken, ends: () => ended, records: () => waiting }
}

const many = (count: number): { value: string }[] =>
  Array.from({ length: count }, (_, index) => ({ value: `${index}` }))

describe('reading digests', () => {
  it('hands on the records of the range and no others', async () => {
    const { cluster, reader, sink, taken, ends } = ground()
    cluster.append('t', 0, ...many(40))
    reader.add({ topic: 't', partition: 0, from: 5, to: 23 }, sink)
    while (reader.open > 0) await reader.pump()
    expect(taken.flatMap(({ spans }) => spans)).toEqual([5, 10, 15, 8])
    expect(ends()).toBe(1)
    expect(reader.records).toBe(18)
  })

  it('comes to the end of a range that ends in a hole, or has nothing in it', async () => {
    const { cluster, reader, sink, taken, ends } = ground()
    cluster.append('t', 0, ...many(3))
    cluster.skip('t', 0, 4)
    cluster.skip('t', 1, 9)
    reader.add({ topic: 't', partition: 0, from: 0, to: 7 }, sink)
    reader.add({ topic: 't', partition: 1, from: 0, to: 9 }, sink)
    reader.add({ topic: 't', partition: 1, from: 9, to: 9 }, sink)
    while (reader.open > 0) await reader.pump()
    expect(taken.flatMap(({ spans }) => spans)).toEqual([0, 3])
    expect(ends()).toBe(3)
  })

  it('pauses a partition of which too much waits, and goes on when it is told to', async () => {
    const { cluster, reader, sink, records } = ground({ mostWaiting: 25 })
    cluster.append('t', 0, ...many(100))
    const range = { topic: 't', partition: 0, from: 0, to: 100 }
    reader.add(range, sink)
    for (let poll = 0; poll < 10; poll++) await reader.pump()
    expect(records()).toBe(30)
    reader.tell(range, 0)
    await reader.pump()
    expect(records()).toBe(40)
  })

  it('says which partition can not be read', async () => {
    const { cluster, reader, sink } = ground()
    cluster.append('t', 0, ...many(10))
    cluster.removeBefore('t', 0, 5)
    reader.add({ topic: 't', partition: 0, from: 2, to: 10 }, sink)
    await expect(reader.pump()).rejects.toMatchObject({
      code: 'MR_VERIFY_UNREADABLE',
      place: { cluster: 'source', topic: 't', partition: 0 }
    })
    reader.drop()
  })

  it('gives up when nothing comes for long', async () => {
    const { cluster, reader, sink } = ground({ patienceMs: 150 })
    cluster.append('t', 0, ...many(3))
    reader.add({ topic: 't', partition: 0, from: 0, to: 10 }, sink)
    const wait = async (): Promise<void> => {
      for (;;) await reader.pump()
    }
    await expect(wait()).rejects.toMatchObject({ code: 'MR_VERIFY_STALLED', place: { offset: 3 } })
  })
})
