import assert from 'node:assert/strict'
import { addon, call, countOf, fill, fresh, pollUntil, readAll, withClients } from './clients.mjs'
import { test } from './harness.mjs'
import { encodeBatch, produceRequest } from './wire.mjs'

/** Batches of `size` records of one partition, in order. */
async function batchesOf(env, topic, partition, count, size) {
  await fill(env.servers, topic, partition, count)
  env.consumer.assign([{ topic, partition, offset: 0 }])
  const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === count)
  const parts = []
  for (const batch of batches) {
    for (let from = batch.firstOffset - (batch.firstOffset % size), end = batch.lastOffset; from <= end; from += size) {
      const part = batch.take(from, from + size)
      if (part) parts.push(part)
    }
  }
  return parts
}

test('sends to one partition keep their order', () =>
  withClients(async (env) => {
    const [topic, target] = [fresh('topic'), fresh('target')]
    const parts = await batchesOf(env, topic, 0, 5000, 50)
    const results = await Promise.all(parts.map((part, i) => call(env.writer, 'send', part, target, 1, i % 3)))
    assert.equal(
      results.reduce((total, { delivered }) => total + delivered, 0),
      5000
    )
    const keys = (await readAll(env, target, 1)).map(({ key }) => key.toString())
    assert.deepEqual(
      keys,
      Array.from({ length: 5000 }, (_, i) => `key ${i}`)
    )
  }))

test('runs say which source offset went to which target offset', () =>
  withClients(async (env) => {
    const [topic, target] = [fresh('topic'), fresh('target')]
    await fill(env.servers, target, 1, 7)
    const [first, hole, last] = await batchesOf(env, topic, 0, 30, 10)
    hole.release()
    assert.deepEqual([...(await call(env.writer, 'send', first, target, 1, 0)).runs], [0, 7, 10])
    assert.deepEqual([...(await call(env.writer, 'send', last, target, 1, 0)).runs], [20, 17, 10])
  }))

test('a refused record blocks its lane and no other, until unblocked', () =>
  withClients(async (env) => {
    const [topic, target] = [fresh('topic'), fresh('target')]
    const parts = await batchesOf(env, topic, 0, 60, 10)
    const [refused, blocked, other, unblocked] = [
      // The embedded cluster gives topics 4 partitions.
      call(env.writer, 'send', parts[0], target, 9, 1),
      call(env.writer, 'send', parts[1], target, 0, 1),
      call(env.writer, 'send', parts[2], target, 0, 2),
      undefined
    ]
    const failure = (await refused).failure
    assert.deepEqual(failure, { code: -190, name: '_UNKNOWN_PARTITION', offset: 0, count: 10, kind: 'refused' })
    const second = (await blocked).failure
    if (second) assert.deepEqual([second.kind, second.offset, second.count], ['blocked', 10, 10])
    assert.equal((await other).delivered, 10)
    const third = await call(env.writer, 'send', parts[3], target, 0, 1)
    assert.deepEqual(
      { ...third, runs: [...third.runs] },
      {
        delivered: 0,
        altered: 0,
        runs: [],
        failure: { code: -190, name: '_UNKNOWN_PARTITION', offset: 30, count: 10, kind: 'blocked' }
      }
    )
    assert.equal(unblocked, undefined)
    env.writer.unblock(1)
    assert.equal((await call(env.writer, 'send', parts[4], target, 0, 1)).delivered, 10)
    parts[5].release()
    assert.equal(env.reader.held(), 0)
  }))

test('a record that is too large fails at its offset, those before it arrive, those behind it do not', () =>
  withClients(
    async (env) => {
      const [topic, target] = [fresh('topic'), fresh('target')]
      await fill(env.servers, topic, 0, 5)
      await fill(env.servers, topic, 0, 1, { size: 5000 })
      await fill(env.servers, topic, 0, 5)
      env.consumer.assign([{ topic, partition: 0, offset: 0 }])
      const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 11)
      const results = await Promise.all(batches.map((batch) => call(env.writer, 'send', batch, target, 0, 0)))
      const failures = results.map(({ failure }) => failure).filter((failure) => failure !== undefined)
      assert.deepEqual([failures[0].name, failures[0].offset, failures[0].kind], ['MSG_SIZE_TOO_LARGE', 5, 'refused'])
      assert.equal(
        failures.reduce((total, { count }) => total + count, 0),
        6
      )
      assert.equal((await readAll(env, target, 0)).length, 5)
    },
    { producer: { 'message.max.bytes': 2000 } }
  ))

test('what follows a record that is refused at once waits, also while those before it are on their way', () =>
  withClients(
    async (env) => {
      const [topic, target] = [fresh('topic'), fresh('target')]
      const records = Array.from({ length: 11 }, (_, i) => ({
        key: null,
        value: Buffer.alloc(i === 5 ? 5000 : 10),
        headers: [],
        timestamp: 1
      }))
      await produceRequest(env.servers, topic, 0, encodeBatch(records))
      env.consumer.assign([{ topic, partition: 0, offset: 0 }])
      const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 11)
      assert.equal(batches.length, 1)
      const sends = [batches[0], batches[0].take(6, 11)].map((part) => call(env.writer, 'send', part, target, 0, 0))
      const [refused, blocked] = await Promise.all(sends)
      assert.deepEqual([refused.delivered, refused.failure.offset, refused.failure.kind], [5, 5, 'refused'])
      assert.deepEqual([blocked.delivered, blocked.failure?.kind], [0, 'blocked'])
      assert.equal((await readAll(env, target, 0)).length, 5)
    },
    { producer: { 'message.max.bytes': 2000, 'linger.ms': 100 } }
  ))

test('a full queue of librdkafka only delays', () =>
  withClients(
    async (env) => {
      const [topic, target] = [fresh('topic'), fresh('target')]
      const parts = await batchesOf(env, topic, 0, 3000, 500)
      const results = await Promise.all(parts.map((part) => call(env.writer, 'send', part, target, 0, 0)))
      assert.equal(
        results.reduce((total, { delivered }) => total + delivered, 0),
        3000
      )
      const keys = (await readAll(env, target, 0)).map(({ key }) => key.toString())
      assert.deepEqual(
        keys,
        Array.from({ length: 3000 }, (_, i) => `key ${i}`)
      )
    },
    { producer: { 'queue.buffering.max.messages': 100 } }
  ))

test('close purges at its deadline and every send has its result before', () =>
  withClients(
    async (env) => {
      const [topic, target] = [fresh('topic'), fresh('target')]
      const parts = await batchesOf(env, topic, 0, 2000, 100)
      const order = []
      const sends = parts.map((part, i) =>
        call(env.writer, 'send', part, target, i % 4, i).then((result) => {
          order.push('send')
          return result
        })
      )
      assert.equal(env.writer.outstanding().sends, 20)
      assert.equal(env.writer.outstanding().records, 2000)
      await call(env.writer, 'close', 200)
      order.push('close')
      assert.equal(order.at(-1), 'close')
      const results = await Promise.all(sends)
      assert.equal(order.length, 21)
      for (const { delivered, failure } of results) {
        assert.equal(delivered, 0)
        assert.equal(failure.kind, 'purged')
        assert.equal(failure.count, 100)
        assert.match(failure.name, /^_PURGE_(QUEUE|INFLIGHT)$/)
      }
      assert.deepEqual(env.writer.outstanding(), { records: 0, sends: 0 })
      assert.equal(env.reader.held(), 0)
    },
    { producer: { 'linger.ms': 60_000 } }
  ))

test('close purges what waits behind a full queue too', () =>
  withClients(
    async (env) => {
      const [topic, target] = [fresh('topic'), fresh('target')]
      const parts = await batchesOf(env, topic, 0, 2000, 100)
      const sends = parts.map((part) => call(env.writer, 'send', part, target, 0, 0))
      await call(env.writer, 'close', 200)
      const results = await Promise.all(sends)
      assert.equal(
        results.reduce((total, { failure }) => total + failure.count, 0),
        2000
      )
      assert.equal(env.reader.held(), 0)
    },
    { producer: { 'linger.ms': 60_000, 'queue.buffering.max.messages': 150 } }
  ))

test("node-rdkafka's own records and reports go on beside ours", () =>
  withClients(
    async (env) => {
      const [topic, target] = [fresh('topic'), fresh('target')]
      const parts = await batchesOf(env, topic, 0, 100, 100)
      const reports = []
      env.producer.on('delivery-report', (error, report) => reports.push(report))
      const sent = call(env.writer, 'send', parts[0], target, 0, 0)
      for (let i = 0; i < 10; i++) env.producer.produce(target, 1, Buffer.from('own'), null, 1, `opaque ${i}`)
      // A flush serves reports on a thread of node's pool.
      await call(env.producer, 'flush', 10_000)
      assert.equal((await sent).delivered, 100)
      while (reports.length < 10) await new Promise((resolve) => setTimeout(resolve, 10))
      assert.deepEqual(
        reports.map(({ opaque }) => opaque),
        Array.from({ length: 10 }, (_, i) => `opaque ${i}`)
      )
      assert.equal(addon.counters().sendsInFlight, 0)
    },
    { producer: { dr_cb: true, 'linger.ms': 50 } }
  ))
