import assert from 'node:assert/strict'
import { call, countOf, fresh, pollUntil, readAll, withClients } from './clients.mjs'
import { test } from './harness.mjs'

/* node-rdkafka itself can't make these records (it changes them), so a small producer of raw record batches does. */

import { encodeBatch, produceRequest } from './wire.mjs'

const hostileNames = ['', '__proto__', 'constructor', 'toString', 'héllo', 'same', 'same']
const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x41])

const oddRecords = [
  { key: null, value: null },
  { key: Buffer.alloc(0), value: Buffer.alloc(0) },
  { key: null, value: Buffer.alloc(0) },
  { key: Buffer.alloc(0), value: null },
  { key: bytes, value: bytes },
  { key: Buffer.from('tombstone'), value: null },
  { key: null, value: Buffer.alloc(900_000, 7) },
  { key: null, value: null, headers: hostileNames.map((name) => ({ name: Buffer.from(name), value: bytes })) },
  {
    key: null,
    value: null,
    headers: [
      { name: Buffer.from('null'), value: null },
      { name: Buffer.from('empty'), value: Buffer.alloc(0) },
      { name: Buffer.from('null'), value: Buffer.from('null') }
    ]
  },
  {
    key: null,
    value: null,
    headers: Array.from({ length: 20 }, (_, i) => ({ name: Buffer.from(`h${i % 7}`), value: Buffer.from([i]) }))
  },
  { key: null, value: Buffer.from('first millisecond'), timestamp: 1 },
  { key: null, value: Buffer.from('far future'), timestamp: Date.UTC(2200, 0) }
].map((record) => ({ headers: [], timestamp: 1_600_000_000_000, ...record }))

test('odd records arrive as they were', () =>
  withClients(async (env) => {
    const [source, target] = [fresh('source'), fresh('target')]
    await produceRequest(env.servers, source, 0, encodeBatch(oddRecords))
    const expected = oddRecords.map((record, offset) => ({ offset, ...record }))
    env.consumer.assign([{ topic: source, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === oddRecords.length)
    assert.deepEqual(batches.flatMap((batch) => batch.records()).map(sorted), expected.map(sorted), 'as read')
    for (const batch of batches) {
      const result = await call(env.writer, 'send', batch, target, 3, 0)
      assert.equal(result.failure, undefined)
      assert.equal(result.altered, 0)
    }
    assert.deepEqual((await readAll(env, target, 3)).map(sorted), expected.map(sorted), 'as copied')
  }))

test('odd records arrive as they were through JavaScript, one by one', () =>
  withClients(async (env) => {
    const [source, target] = [fresh('source'), fresh('target')]
    await produceRequest(env.servers, source, 0, encodeBatch(oddRecords))
    env.consumer.assign([{ topic: source, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === oddRecords.length)
    const records = batches.flatMap((batch) => batch.records())
    for (const batch of batches) batch.release()
    for (const record of records) {
      const result = await call(env.writer, 'sendRecord', record, target, 3, 0)
      assert.equal(result.failure, undefined)
      assert.deepEqual([...result.runs], [record.offset, record.offset, 1])
    }
    assert.deepEqual((await readAll(env, target, 3)).map(sorted), records.map(sorted))
  }))

test('odd headers arrive as they were after a look for one of them', () =>
  withClients(async (env) => {
    const [source, target] = [fresh('source'), fresh('target')]
    await produceRequest(env.servers, source, 0, encodeBatch(oddRecords))
    env.consumer.assign([{ topic: source, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === oddRecords.length)
    const looked = ['same', 'null', 'empty', 'h3', 'traceparent'].flatMap((name) =>
      batches.flatMap((batch) => batch.findHeaders(name, 100, 0, 100))
    )
    assert.deepEqual(looked, [
      { offset: 7, value: bytes },
      { offset: 8, value: Buffer.from('null') },
      { offset: 8, value: Buffer.alloc(0) },
      { offset: 9, value: Buffer.from([17]) }
    ])
    for (const batch of batches) {
      assert.equal((await call(env.writer, 'send', batch, target, 3, 0)).failure, undefined)
    }
    const expected = oddRecords.map((record, offset) => ({ offset, ...record }))
    assert.deepEqual((await readAll(env, target, 3)).map(sorted), expected.map(sorted))
  }))

test('a timestamp that librdkafka replaces is counted', () =>
  withClients(async (env) => {
    const [source, target] = [fresh('source'), fresh('target')]
    const records = [0, 5, 0, 6].map((timestamp) => ({ key: null, value: Buffer.from('x'), headers: [], timestamp }))
    await produceRequest(env.servers, source, 0, encodeBatch(records))
    env.consumer.assign([{ topic: source, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 4)
    const results = await Promise.all(batches.map((batch) => call(env.writer, 'send', batch, target, 0, 0)))
    assert.deepEqual(
      results.flatMap(({ alteredRanges = [] }) => [...alteredRanges]),
      [0, 1, 2, 1]
    )
    assert.equal(
      results.reduce((total, { altered }) => total + altered, 0),
      2
    )
    assert.equal(
      results.reduce((total, { delivered }) => total + delivered, 0),
      4
    )
  }))

/** The same record whatever the order of its properties. */
function sorted({ offset, timestamp, key, value, headers }) {
  return { offset, timestamp, key, value, headers }
}
