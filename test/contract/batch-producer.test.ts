import { expect, it } from 'vitest'
import type { BatchPayload } from '../../src/model/batch.ts'
import type { BatchConsumer, BatchProducer } from '../../src/client/types.ts'
import { describeContract } from './describe-contract.ts'
import { pollOneBatch } from './poll-until.ts'

const numbered = (count: number, prefix = 'value'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix} ${index}`)

describeContract('BatchProducer', ({ cluster, name }) => {
  interface Mirror {
    readonly target: string
    readonly consumer: BatchConsumer
    readonly producer: BatchProducer
    /** The records of source partition 0, in one payload. */
    readonly payload: BatchPayload
  }

  async function withPayload(values: readonly string[]): Promise<Mirror> {
    const [source, target] = [name('source'), name('target')]
    await cluster().createTopic(source, 4)
    await cluster().createTopic(target, 4)
    await cluster().append(source, 0, values)
    const consumer = await cluster().consumer(name('group'))
    const producer = await cluster().producer()
    await producer.refresh([target], 10_000)
    const from = { topic: source, partition: 0, offset: 0 }
    consumer.assign([from])
    const { payload } = await pollOneBatch(consumer, from, values.length)
    return { target, consumer, producer, payload }
  }

  async function close({ consumer, producer }: Mirror): Promise<void> {
    await producer.close(10_000)
    await consumer.close()
  }

  it('delivers a batch and says which offsets it got', async () => {
    const mirror = await withPayload(numbered(100))
    await cluster().append(mirror.target, 2, ['before'])
    const settlement = await mirror.producer.send(mirror.payload, { topic: mirror.target, partition: 2, lane: 1 })
    expect(settlement).toEqual({
      delivered: 100,
      altered: 0,
      runs: [{ sourceOffset: 0, targetOffset: 1, count: 100 }]
    })
    expect(await cluster().read(mirror.target, 2)).toEqual(['before', ...numbered(100)])
    expect(mirror.payload.count).toBe(100)
    expect(() => mirror.payload.records()).toThrow()
    mirror.payload.release()
    expect(mirror.consumer.heldRecords()).toBe(0)
    expect(mirror.producer.outstandingRecords()).toBe(0)
    await close(mirror)
  })

  it('sends to one partition never overtake each other', async () => {
    const mirror = await withPayload(numbered(1_000))
    const parts = Array.from({ length: 100 }, (_, index) => mirror.payload.take(index * 10, index * 10 + 10))
    const settlements = await Promise.all(
      parts.map(async (part, index) => {
        if (part === undefined) throw new Error('no part')
        return mirror.producer.send(part, { topic: mirror.target, partition: 0, lane: index % 3 })
      })
    )
    expect(settlements.reduce((sum, { delivered }) => sum + delivered, 0)).toBe(1_000)
    expect(await cluster().read(mirror.target, 0)).toEqual(numbered(1_000))
    await close(mirror)
  })

  it('one batch can go to several partitions', async () => {
    const mirror = await withPayload(numbered(30))
    const first = mirror.payload.take(0, 10)
    const second = mirror.payload.take(10, 20)
    if (first === undefined || second === undefined) throw new Error('no part')
    await Promise.all([
      mirror.producer.send(second, { topic: mirror.target, partition: 1, lane: 1 }),
      mirror.producer.send(first, { topic: mirror.target, partition: 0, lane: 1 }),
      mirror.producer.send(mirror.payload, { topic: mirror.target, partition: 2, lane: 1 })
    ])
    const values = numbered(30)
    expect(await cluster().read(mirror.target, 0)).toEqual(values.slice(0, 10))
    expect(await cluster().read(mirror.target, 1)).toEqual(values.slice(10, 20))
    expect(await cluster().read(mirror.target, 2)).toEqual(values.slice(20))
    await close(mirror)
  })

  it('what can not be delivered is in the settlement; its followers wait until the lane is unblocked', async () => {
    const mirror = await withPayload(numbered(40))
    const parts = [0, 10, 20].map((from) => {
      const part = mirror.payload.take(from, from + 10)
      if (part === undefined) throw new Error('no part')
      return part
    })
    const [refused, blocked, unblocked] = parts
    if (refused === undefined || blocked === undefined || unblocked === undefined) throw new Error('no part')
    const { producer, target } = mirror

    const first = await producer.send(refused, { topic: target, partition: 77, lane: 5 })
    expect(first.delivered).toBe(0)
    expect(first.failure).toMatchObject({ kind: 'refused', name: '_UNKNOWN_PARTITION', offset: 0, count: 10 })

    const second = await producer.send(blocked, { topic: target, partition: 0, lane: 5 })
    expect(second.delivered).toBe(0)
    expect(second.failure).toMatchObject({ kind: 'blocked', offset: 10, count: 10 })

    producer.unblock(5)
    const third = await producer.send(unblocked, { topic: target, partition: 0, lane: 5 })
    expect(third).toMatchObject({ delivered: 10 })
    expect(third.failure).toBeUndefined()
    const other = await producer.send(mirror.payload, { topic: target, partition: 1, lane: 6 })
    expect(other.delivered).toBe(10)
    expect(await cluster().read(target, 0)).toEqual(numbered(40).slice(20, 30))
    expect(mirror.consumer.heldRecords()).toBe(0)
    await close(mirror)
  })

  it('learns the partitions of topics, and of one that is not there that it has none', async () => {
    const mirror = await withPayload(['one'])
    const counts = await mirror.producer.refresh([mirror.target], 10_000)
    expect([...counts]).toEqual([[mirror.target, 4]])
    mirror.payload.release()
    await close(mirror)
  })

  it('a close delivers what was sent before it', async () => {
    const mirror = await withPayload(numbered(500))
    const sent = mirror.producer.send(mirror.payload, { topic: mirror.target, partition: 0, lane: 1 })
    await mirror.producer.close(10_000)
    expect(await sent).toMatchObject({ delivered: 500 })
    await mirror.consumer.close()
    expect(await cluster().read(mirror.target, 0)).toHaveLength(500)
  })

  it('every call after the close says that it is closed, and gives the records back', async () => {
    const mirror = await withPayload(['one'])
    const { producer, consumer, payload, target } = mirror
    let completed = false
    producer.events.subscribe({ complete: () => (completed = true) })
    await producer.close(1_000)
    await producer.close(1_000)
    expect(completed).toBe(true)
    const closed = expect.objectContaining({ code: 'MR_CLIENT_CLOSED' }) as Error
    await expect(producer.send(payload, { topic: target, partition: 0, lane: 1 })).rejects.toThrow(closed)
    await expect(producer.refresh([target], 100)).rejects.toThrow(closed)
    expect(consumer.heldRecords()).toBe(0)
    expect(producer.outstandingRecords()).toBe(0)
    await consumer.close()
  })

  it('refuses a target that would end the process', async () => {
    const mirror = await withPayload(['one'])
    const wrong = { topic: mirror.target, partition: -1, lane: 1 }
    await expect(mirror.producer.send(mirror.payload, wrong)).rejects.toMatchObject({ code: 'MR_INVALID_ARGUMENT' })
    mirror.payload.release()
    await close(mirror)
  })
})
