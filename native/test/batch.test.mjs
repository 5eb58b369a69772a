import assert from 'node:assert/strict'
import { call, countOf, fill, fresh, pollUntil, withClients } from './clients.mjs'
import { test } from './harness.mjs'
import { encodeBatch, produceRequest } from './wire.mjs'

const released = { code: 'MR_BATCH_RELEASED' }

/** One batch with the offsets [0, count) and the timestamps 1000 … */
async function oneBatch(env, count, options = {}) {
  const topic = fresh('topic')
  await fill(env.servers, topic, 0, count, { timestamp: 1000, ...options })
  env.consumer.assign([{ topic, partition: 0, offset: 0 }])
  const first = await pollUntil(env.reader, (all) => countOf(all.batches) > 0)
  const batch = first.batches[0]
  assert.equal(batch.count, count, 'the records came in one batch')
  return { topic, batch }
}

test('a batch tells what is in it', () =>
  withClients(async (env) => {
    const { topic, batch } = await oneBatch(env, 100)
    assert.equal(batch.topic, topic)
    assert.equal(batch.partition, 0)
    assert.equal(batch.firstOffset, 0)
    assert.equal(batch.lastOffset, 99)
    assert.equal(batch.bytes, 100 * 100 + 10 * 5 + 90 * 6)
    assert.equal(batch.firstTimestamp, 1000)
    assert.equal(batch.maxTimestamp, 1099)
    assert.equal(typeof batch.leaderEpoch, 'number')
    batch.release()
  }))

test('take splits a batch and both parts tell the truth', () =>
  withClients(async (env) => {
    const { batch } = await oneBatch(env, 100)
    assert.equal(batch.take(100, 200), undefined)
    assert.equal(batch.take(50, 50), undefined)
    assert.equal(batch.take(60, 40), undefined)
    const middle = batch.take(40, 60)
    assert.deepEqual([middle.firstOffset, middle.lastOffset, middle.count], [40, 59, 20])
    assert.deepEqual([middle.firstTimestamp, middle.maxTimestamp, middle.bytes], [1040, 1059, 20 * 106])
    assert.deepEqual([batch.firstOffset, batch.lastOffset, batch.count], [0, 99, 80])
    assert.equal(batch.bytes, 100 * 100 + 10 * 5 + 90 * 6 - 20 * 106)
    assert.deepEqual(
      batch.records().map(({ offset }) => offset),
      [...Array(40).keys(), ...Array.from({ length: 40 }, (_, i) => 60 + i)]
    )
    const rest = batch.take(0, 1000)
    assert.equal(rest.count, 80)
    assert.equal(batch.count, 0)
    assert.throws(() => batch.firstOffset, released)
    assert.equal(env.reader.held(), 100)
    rest.release()
    assert.equal(env.reader.held(), 20)
    middle.release()
    batch.release()
    assert.equal(env.reader.held(), 0)
  }))

test('outside names the records that a target may refuse, and the numbers of the batch whether there are some', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    const records = [
      { key: Buffer.from('k'), value: Buffer.alloc(10), timestamp: 5000 },
      { key: null, value: Buffer.alloc(30), timestamp: 2000 },
      { key: Buffer.alloc(0), value: null, timestamp: 0 },
      { key: Buffer.alloc(20), value: Buffer.alloc(20), timestamp: 9000 }
    ].map((record) => ({ headers: [], ...record }))
    await produceRequest(env.servers, topic, 0, encodeBatch(records))
    env.consumer.assign([{ topic, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 4)
    const [batch] = batches
    assert.equal(batches.length, 1)
    const far = Number.MAX_SAFE_INTEGER
    assert.deepEqual([batch.largest, batch.minTimestamp, batch.hasKeyless], [40, 2000, true])
    assert.deepEqual(batch.outside(far, -far, far, false), [])
    assert.deepEqual(batch.outside(30, -far, far, false), [3])
    assert.deepEqual(batch.outside(-1, -far, far, false), [0, 1, 2, 3])
    assert.deepEqual(batch.outside(far, 2001, 8999, false), [1, 3])
    assert.deepEqual(batch.outside(far, -far, far, true), [1])
    const second = batch.take(1, 2)
    assert.deepEqual([second.largest, second.minTimestamp, second.hasKeyless], [30, 2000, true])
    assert.deepEqual([batch.largest, batch.minTimestamp, batch.hasKeyless], [40, 5000, false])
    const third = batch.take(2, 3)
    assert.deepEqual([third.largest, third.minTimestamp, third.hasKeyless], [0, -1, false])
    for (const part of [batch, second, third]) part.release()
    assert.throws(() => batch.largest, released)
    assert.throws(() => batch.outside(1, 1, 1, true), released)
  }))

test('offsetAtOrAfter finds the first record of a time', () =>
  withClients(async (env) => {
    const { batch } = await oneBatch(env, 10)
    assert.equal(batch.offsetAtOrAfter(-5), 0)
    assert.equal(batch.offsetAtOrAfter(1004), 4)
    assert.equal(batch.offsetAtOrAfter(1009), 9)
    assert.equal(batch.offsetAtOrAfter(1010), undefined)
    batch.release()
  }))

test('findHeaders looks at a few records, spread evenly, and cuts what it finds', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    const header = (name, value) => ({ name: Buffer.from(name), value })
    const records = Array.from({ length: 11 }, (_, i) => ({
      key: null,
      value: null,
      timestamp: 1000 + i,
      headers: [header('h', Buffer.from('first')), header('h', Buffer.from([i])), header('H', Buffer.from('other'))]
    }))
    records[4].headers.push(header('h', null))
    records[5].headers.push(header('h', Buffer.alloc(600, 5)))
    records[6].headers = []
    await produceRequest(env.servers, topic, 0, encodeBatch(records))
    env.consumer.assign([{ topic, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 11)
    const [batch] = batches
    assert.equal(batch.count, 11, 'the records came in one batch')
    const offsets = (...args) => batch.findHeaders('h', ...args).map(({ offset }) => offset)
    assert.deepEqual(offsets(0, 0, 100), [])
    assert.deepEqual(offsets(1, 0, 100), [0])
    assert.deepEqual(offsets(2, 0, 100), [0, 10])
    assert.deepEqual(offsets(3, 0, 100), [0, 5, 10])
    assert.deepEqual(offsets(1024, 0, 100), [0, 1, 2, 3, 5, 7, 8, 9, 10], 'not the null, not the one without')
    assert.deepEqual(offsets(2, 7, 10), [7, 9])
    assert.deepEqual(offsets(5, 11, 100), [])
    assert.deepEqual(offsets(5, 8, 3), [])
    assert.deepEqual(
      batch.findHeaders('h', 1, 9, 10),
      [{ offset: 9, value: Buffer.from([9]) }],
      'the last of that name'
    )
    assert.deepEqual(batch.findHeaders('h', 1, 5, 6)[0].value, Buffer.alloc(512, 5))
    assert.deepEqual(batch.findHeaders('unknown', 100, 0, 100), [])
    batch.release()
  }))

test('after release only the count is left', () =>
  withClients(async (env) => {
    const { batch } = await oneBatch(env, 10)
    batch.release()
    batch.release()
    assert.equal(batch.count, 10)
    for (const name of ['topic', 'partition', 'firstOffset', 'lastOffset', 'bytes', 'maxTimestamp', 'leaderEpoch']) {
      assert.throws(() => batch[name], released, name)
    }
    assert.throws(() => batch.take(0, 1), released)
    assert.throws(() => batch.offsetAtOrAfter(0), released)
    assert.throws(() => batch.findHeaders('h', 1, 0, 1), released)
    assert.throws(() => batch.records(), released)
    assert.throws(() => env.writer.send(batch, 'topic', 0, 0, () => {}), released)
  }))

test('after sending only the count is left', () =>
  withClients(async (env) => {
    const { batch } = await oneBatch(env, 10)
    const sent = call(env.writer, 'send', batch, fresh('target'), 0, 0)
    assert.equal(batch.count, 10)
    assert.throws(() => batch.records(), released)
    batch.release()
    assert.equal((await sent).delivered, 10)
  }))

test('records with a setter on Array.prototype are still copied', () =>
  withClients(async (env) => {
    const { batch } = await oneBatch(env, 3)
    Object.defineProperty(Array.prototype, '1', { configurable: true, set: () => batch.release() })
    try {
      assert.equal(batch.records().length, 3)
    } finally {
      delete Array.prototype[1]
    }
    batch.release()
  }))

test('a poll keeps to its limits', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    for (const partition of [0, 1, 2]) await fill(env.servers, topic, partition, 1000)
    env.consumer.assign([0, 1, 2].map((partition) => ({ topic, partition, offset: 0 })))
    let polled = 0
    while (polled < 3000) {
      const { batches } = await call(env.reader, 'poll', 1 << 30, 70, 500)
      assert.ok(countOf(batches) <= 70)
      polled += countOf(batches)
      for (const batch of batches) batch.release()
    }
    env.consumer.assign([0, 1, 2].map((partition) => ({ topic, partition, offset: 0 })))
    polled = 0
    while (polled < 3000) {
      const { batches } = await call(env.reader, 'poll', 10_000, 1e6, 500)
      const bytes = batches.reduce((total, batch) => total + batch.bytes, 0)
      assert.ok(bytes <= 11_000, `${bytes} bytes`)
      polled += countOf(batches)
      for (const batch of batches) batch.release()
    }
  }))

test('the end of a partition is told', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 2, 10)
    env.consumer.assign([{ topic, partition: 2, offset: 0 }])
    const { ends, batches } = await pollUntil(env.reader, (all) => all.ends.length > 0)
    assert.deepEqual(ends, [{ topic, partition: 2, offset: 10 }])
    for (const batch of batches) batch.release()
  }))
