import { expect, it } from 'vitest'
import type { BatchConsumer } from '../../src/client/types.ts'
import { describeContract } from './describe-contract.ts'
import { answerRebalances, nothingSeen, pollBatches, pollFor, pollOneBatch, pollUntil, valuesOf } from './poll-until.ts'

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `value ${from + index}`)

describeContract('BatchConsumer', ({ implementation, cluster, name }) => {
  async function withTopic(values: readonly string[]): Promise<{ topic: string; consumer: BatchConsumer }> {
    const topic = name('topic')
    await cluster().createTopic(topic, 4)
    if (values.length > 0) await cluster().append(topic, 0, values)
    return { topic, consumer: await cluster().consumer(name('group')) }
  }

  it('reads from the assigned offset to the end, and tells the end', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 10))
    consumer.assign([{ topic, partition: 0, offset: 4 }])
    const seen = nothingSeen()
    await pollUntil(consumer, seen, () => seen.ends.length > 0)
    expect(valuesOf(seen)).toEqual(numbered(4, 10))
    expect(seen.ends).toEqual([{ topic, partition: 0, offset: 10 }])
    await cluster().append(topic, 0, ['late'])
    await pollUntil(consumer, seen, () => seen.ends.length > 1)
    expect(valuesOf(seen).at(-1)).toBe('late')
    expect(seen.ends.at(-1)?.offset).toBe(11)
    await consumer.close()
  })

  it('tells digests instead of records, the same for equal ones, and holds nothing', async () => {
    const topic = name('topic')
    await cluster().createTopic(topic, 4)
    await cluster().append(topic, 0, ['same', 'other', 'same', ''])
    const consumer = await cluster().consumer(name('group'))
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    const words: string[] = []
    const keys: string[] = []
    const offsets: number[] = []
    for (let ended = false; !ended;) {
      const { digests, ends, errors } = await consumer.digest(1_000_000, 100, { timestamps: false, keys: true })
      expect(errors).toEqual([])
      for (const batch of digests) {
        expect(batch).toMatchObject({ topic, partition: 0 })
        for (let at = 0; at < batch.words.length; at += 4) words.push(batch.words.slice(at, at + 4).join())
        // Without the bit that tells a tombstone: who appends may have made one of the empty value.
        for (let at = 0; at < batch.keys.length; at += 4) {
          keys.push([(batch.keys[at] ?? 0) & ~1, ...batch.keys.slice(at + 1, at + 4)].join())
        }
        for (let at = 0; at < batch.spans.length; at += 2) {
          const [first = 0, count = 0] = batch.spans.slice(at)
          for (let index = 0; index < count; index++) offsets.push(first + index)
        }
      }
      ended = ends.length > 0
    }
    expect(offsets).toEqual([0, 1, 2, 3])
    expect(words[0]).toBe(words[2])
    expect(new Set(words).size).toBe(3)
    expect(new Set(keys).size).toBe(1)
    expect(consumer.heldRecords()).toBe(0)
    await consumer.close()
  })

  it('describes a batch without opening it', async () => {
    const { topic, consumer } = await withTopic(['aaaa', 'bb', ''])
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    const batches = await pollBatches(consumer, 3)
    expect(batches[0]).toMatchObject({ topic, partition: 0 })
    expect(batches[0]?.payload.firstOffset).toBe(0)
    expect(batches.at(-1)?.payload.lastOffset).toBe(2)
    expect(batches.reduce((sum, { payload }) => sum + payload.bytes, 0)).toBe(6)
    expect(batches[0]?.payload.firstTimestamp).toBeGreaterThan(1_600_000_000_000)
    for (const { payload } of batches) payload.release()
    await consumer.close()
  })

  it('a payload is cut by offset, and gone after its release', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 6))
    const from = { topic, partition: 0, offset: 0 }
    consumer.assign([from])
    const { payload } = await pollOneBatch(consumer, from, 6)
    const whole = payload.count
    expect(payload.take(100, 200)).toBeUndefined()
    const part = payload.take(0, 2)
    expect(part?.records().map(({ offset }) => offset)).toEqual([0, 1])
    expect(payload.count).toBe(whole - 2)
    expect(payload.firstOffset).toBe(2)
    expect(payload.offsetAtOrAfter(payload.firstTimestamp)).toBe(2)
    expect(payload.offsetAtOrAfter(payload.maxTimestamp + 1)).toBeUndefined()
    expect(consumer.heldRecords()).toBe(whole)
    part?.release()
    payload.release()
    payload.release()
    expect(consumer.heldRecords()).toBe(0)
    expect(() => payload.records()).toThrow()
    expect(() => payload.take(0, 10)).toThrow()
    await consumer.close()
  })

  it('a header is found in records spread over the batch, and looking changes nothing that is sent', async () => {
    const { topic, consumer } = await withTopic([])
    const headers = [
      ['traceparent', 'first'],
      ['other', 'o'],
      ['traceparent', 'last'],
      ['long', 'x'.repeat(600)]
    ] as const
    await cluster().append(topic, 0, numbered(0, 9), headers)
    await cluster().append(topic, 0, ['bare'])
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    const batches = await pollBatches(consumer, 10)
    const all = batches.flatMap(({ payload }) => payload.findHeaders('traceparent', 100, 0, 100))
    expect(all.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(all.map(({ value }) => Buffer.from(value).toString())).toEqual(Array(9).fill('last'))
    const [first] = batches
    if (first === undefined) throw new Error('no batch')
    const { firstOffset, lastOffset } = first.payload
    const two = first.payload.findHeaders('traceparent', 2, firstOffset, Math.min(lastOffset, 8) + 1)
    expect(two.map(({ offset }) => offset)).toEqual([...new Set([firstOffset, Math.min(lastOffset, 8)])])
    expect(first.payload.findHeaders('long', 1, 0, 1)[0]?.value).toHaveLength(512)
    expect(first.payload.findHeaders('traceparent', 0, 0, 100)).toEqual([])
    expect(first.payload.findHeaders('traceparen', 10, 0, 100)).toEqual([])
    const producer = await cluster().producer()
    for (const { payload } of batches) await producer.send(payload, { topic, partition: 1, lane: 1 })
    expect(() => first.payload.findHeaders('traceparent', 1, 0, 1)).toThrow()
    await producer.close(5000)
    consumer.assign([{ topic, partition: 1, offset: 0 }])
    const copies = await pollBatches(consumer, 10)
    const copied = copies.flatMap(({ payload }) => payload.records())
    for (const { payload } of copies) payload.release()
    const text = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString()
    expect(copied.map((record) => record.headers.map(({ name, value }) => [text(name), text(value)]))).toEqual([
      ...Array<typeof headers>(9).fill(headers),
      []
    ])
    await consumer.close()
  })

  it('nothing comes from a paused partition, and nothing is missing or twice after it', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 50))
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    const seen = nothingSeen()
    await pollUntil(consumer, seen, () => seen.records.length >= 50)
    consumer.pause([{ topic, partition: 0 }])
    await cluster().append(topic, 0, numbered(50, 80))
    await pollFor(consumer, seen, 500)
    expect(seen.records).toHaveLength(50)
    consumer.resume([{ topic, partition: 0 }])
    await pollUntil(consumer, seen, () => seen.records.length >= 80)
    await pollFor(consumer, seen, 200)
    expect(valuesOf(seen)).toEqual(numbered(0, 80))
    await consumer.close()
  })

  it('polls begun after a seek return only records from the new offset on', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 2_000))
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    for (const { payload } of (await consumer.poll(10_000, 5_000)).fetched) payload.release()
    await consumer.seek({ topic, partition: 0, offset: 1_500 }, 5_000)
    const seen = nothingSeen()
    await pollUntil(consumer, seen, () => seen.records.length >= 500)
    expect(valuesOf(seen)).toEqual(numbered(1_500, 2_000))
    await consumer.seek({ topic, partition: 0, offset: 3 }, 5_000)
    const again = nothingSeen()
    await pollUntil(consumer, again, () => again.records.length > 0)
    expect(valuesOf(again)[0]).toBe('value 3')
    await consumer.close()
  })

  it('a seek straight after the assignment is done as well', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 10))
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    await consumer.seek({ topic, partition: 0, offset: 8 }, 5_000)
    const seen = nothingSeen()
    await pollUntil(consumer, seen, () => seen.ends.length > 0)
    expect(valuesOf(seen)).toEqual(numbered(8, 10))
    await consumer.close()
  })

  it('an offset that is not there is an error of its partition, never a silent reset', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 3))
    await cluster().append(topic, 1, ['one'])
    consumer.assign([
      { topic, partition: 0, offset: 1_000 },
      { topic, partition: 1, offset: 0 }
    ])
    const seen = nothingSeen()
    await pollUntil(consumer, seen, () => seen.errors.length > 0 && seen.records.length > 0)
    expect(seen.errors[0]).toMatchObject({ topic, partition: 0, retriable: false })
    expect(valuesOf(seen)).toEqual(['one'])
    await consumer.close()
  })

  it('joins the group and reads what it is assigned', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 5))
    const { assigned, log } = answerRebalances(consumer)
    consumer.subscribe([topic])
    const seen = nothingSeen()
    await pollUntil(consumer, seen, () => seen.records.length >= 5)
    expect(assigned.size).toBe(4)
    expect(log.every(({ lost }) => !lost)).toBe(true)
    consumer.unsubscribe()
    await pollUntil(consumer, seen, () => assigned.size === 0)
    await consumer.close()
  })

  // The mock cluster waits for a whole session time-out at every change of the group.
  it.runIf(implementation.isFullBroker)('a second member gets its share only after the first gave it up', async () => {
    const topic = name('topic')
    const group = name('group')
    await cluster().createTopic(topic, 4)
    const one = await cluster().consumer(group)
    const first = answerRebalances(one)
    one.subscribe([topic])
    await pollUntil(one, nothingSeen(), () => first.assigned.size === 4)

    const two = await cluster().consumer(group)
    const second = answerRebalances(two)
    two.subscribe([topic])
    const both = (): Set<string> => new Set([...first.assigned, ...second.assigned])
    for (let round = 0; round < 400 && second.assigned.size < 2; round++) {
      for (const member of [one, two]) for (const { payload } of (await member.poll(1, 20)).fetched) payload.release()
      expect(first.assigned.size + second.assigned.size).toBe(both().size)
    }
    expect([first.assigned.size, second.assigned.size]).toEqual([2, 2])
    expect(both().size).toBe(4)
    await Promise.all([one.close(), two.close()])
  })

  it('commits offsets with metadata, and says so for each partition', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 5))
    await consumer.close()
    const group = name('group')
    const member = await cluster().consumer(group)
    const { assigned } = answerRebalances(member)
    member.subscribe([topic])
    await pollUntil(member, nothingSeen(), () => assigned.size > 0)
    expect(await member.commit([])).toEqual([])
    const results = await member.commit([
      { topic, partition: 0, offset: 3, metadata: 'up to three' },
      { topic, partition: 1, offset: 0 }
    ])
    expect(results).toHaveLength(2)
    for (const { code } of results) expect(code).toBe(0)
    await member.close()
    const admin = await cluster().admin(group)
    const asked = [0, 1, 2].map((partition) => ({ topic, partition }))
    const committed = await admin.committedOffsets(group, asked)
    expect([...committed.keys()]).toEqual([`${topic}-0`, `${topic}-1`])
    expect(committed.get(`${topic}-0`)).toMatchObject({ offset: 3, metadata: 'up to three' })
    await admin.close()
  })

  it('is not closed while records are held, and can go on', async () => {
    const { topic, consumer } = await withTopic(numbered(0, 3))
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    const batches = await pollBatches(consumer, 3)
    expect(consumer.heldRecords()).toBe(3)
    await expect(consumer.close()).rejects.toMatchObject({ code: 'MR_RECORDS_HELD' })
    await cluster().append(topic, 0, ['more'])
    const [more] = await pollBatches(consumer, 1)
    more?.payload.release()
    for (const { payload } of batches) payload.release()
    await consumer.close()
    expect(consumer.heldRecords()).toBe(0)
  })

  it('is closed in the middle of a rebalance that nobody answered', async () => {
    const { topic, consumer } = await withTopic([])
    let told = 0
    consumer.rebalances.subscribe(() => told++)
    consumer.subscribe([topic])
    await pollUntil(consumer, nothingSeen(), () => told > 0)
    await consumer.close()
  })

  it('is closed while a poll waits, which then says so', async () => {
    const { topic, consumer } = await withTopic([])
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    await pollUntil(consumer, nothingSeen(), () => true)
    const seen = nothingSeen()
    await pollUntil(consumer, seen, () => seen.ends.length > 0)
    const poll = consumer.poll(1_000, 1_000)
    const refused = expect(poll).rejects.toMatchObject({ code: 'MR_CLIENT_CLOSED' })
    await consumer.close()
    await refused
  })

  it('polls one at a time', async () => {
    const { consumer } = await withTopic([])
    const first = consumer.poll(1_000, 200)
    await expect(consumer.poll(1_000, 0)).rejects.toMatchObject({ code: 'MR_POLL_RUNNING' })
    await first
    await consumer.close()
  })

  it('every call after the close says that it is closed, and closing again is harmless', async () => {
    const { topic, consumer } = await withTopic([])
    let completed = 0
    consumer.events.subscribe({ complete: () => completed++ })
    consumer.rebalances.subscribe({ complete: () => completed++ })
    await consumer.close()
    await consumer.close()
    const closed = expect.objectContaining({ code: 'MR_CLIENT_CLOSED' }) as Error
    const at = { topic, partition: 0 }
    await expect(consumer.poll(1, 1)).rejects.toThrow(closed)
    await expect(consumer.commit([{ ...at, offset: 0 }])).rejects.toThrow(closed)
    await expect(consumer.seek({ ...at, offset: 0 }, 1)).rejects.toThrow(closed)
    expect(() => consumer.subscribe([topic])).toThrow(closed)
    expect(() => consumer.assign([{ ...at, offset: 0 }])).toThrow(closed)
    expect(() => consumer.unassign([at])).toThrow(closed)
    expect(() => consumer.pause([at])).toThrow(closed)
    expect(() => consumer.resume([at])).toThrow(closed)
    expect(completed).toBe(2)
  })

  it('refuses arguments that would end the process', async () => {
    const { topic, consumer } = await withTopic([])
    const wrong = { topic, partition: -1, offset: 0 }
    const refused = expect.objectContaining({ code: 'MR_INVALID_ARGUMENT' }) as Error
    expect(() => consumer.assign([wrong])).toThrow(refused)
    expect(() => consumer.pause([{ topic: '', partition: 0 }])).toThrow(refused)
    expect(() => consumer.subscribe(['^everything'])).toThrow(refused)
    await expect(consumer.seek(wrong, 10)).rejects.toThrow(refused)
    await expect(consumer.commit([wrong])).rejects.toThrow(refused)
    await consumer.close()
  })
})
