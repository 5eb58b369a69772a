import assert from 'node:assert/strict'
import { addon, call, fill, fresh, sum, withClients } from './clients.mjs'
import { test } from './harness.mjs'
import { encodeBatch, produceRequest } from './wire.mjs'

/** Digests of a partition up to its end, in order. */
async function digestAll(env, topic, partition, { timestamps = true, keys = false } = {}) {
  env.consumer.assign([{ topic, partition, offset: 0 }])
  const all = []
  for (let ended = false; !ended;) {
    const { batches, ends, errors } = await call(env.reader, 'digest', 1 << 20, 1e6, 500, timestamps, keys)
    assert.deepEqual(errors, [])
    all.push(...batches)
    ended = ends.some((end) => end.topic === topic && end.partition === partition)
  }
  env.consumer.unassign()
  const namesOf = (words) =>
    Array.from({ length: words.length / 4 }, (_, i) => [...words.subarray(4 * i, 4 * i + 4)].join())
  return {
    batches: all,
    digests: all.flatMap(({ words }) => namesOf(words)),
    keys: all.flatMap(({ keys: words }) => namesOf(words.map((word, i) => (i % 4 === 0 ? word & ~1 : word)))),
    tombstones: all.flatMap(({ keys: words }) => [...words].filter((_, i) => i % 4 === 0).map((word) => word & 1))
  }
}

const base = { key: Buffer.from('k'), value: Buffer.from('v'), headers: [], timestamp: 1000 }
const header = (name, value) => ({ name: Buffer.from(name), value })
const x = Buffer.from('x')

test('each part of a record has its say, null and empty differ', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    const records = [
      base,
      { ...base, key: Buffer.from('K') },
      { ...base, key: null },
      { ...base, key: Buffer.alloc(0) },
      { ...base, value: Buffer.from('w') },
      { ...base, value: null },
      { ...base, value: Buffer.alloc(0) },
      { ...base, key: Buffer.from('kv'), value: Buffer.alloc(0) },
      { ...base, key: Buffer.alloc(0), value: Buffer.from('kv') },
      { ...base, timestamp: 1001 },
      { ...base, headers: [header('a', null)] },
      { ...base, headers: [header('a', Buffer.alloc(0))] },
      { ...base, headers: [header('a', x)] },
      { ...base, headers: [header('', Buffer.from('ax'))] },
      { ...base, headers: [header('a', x), header('b', x)] },
      { ...base, headers: [header('b', x), header('a', x)] },
      { ...base, headers: [header('a', x), header('a', x)] }
    ]
    await produceRequest(env.servers, topic, 0, encodeBatch([...records, ...records]))
    const { digests } = await digestAll(env, topic, 0)
    assert.equal(digests.length, 2 * records.length)
    assert.equal(new Set(digests).size, records.length, 'all differ')
    assert.deepEqual(digests.slice(0, records.length), digests.slice(records.length), 'equal records are equal')
    const without = (await digestAll(env, topic, 0, { timestamps: false })).digests
    assert.equal(new Set(without).size, records.length - 1, 'without timestamps two are equal')
  }))

test('keys have digests of their own, and tombstones are told', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    const records = [
      base,
      { ...base, value: x },
      { ...base, value: null },
      { ...base, value: Buffer.alloc(0) },
      { ...base, key: null },
      { ...base, key: Buffer.alloc(0), value: null }
    ]
    await produceRequest(env.servers, topic, 0, encodeBatch(records))
    const { keys, tombstones } = await digestAll(env, topic, 0, { keys: true })
    assert.equal(new Set(keys.slice(0, 4)).size, 1)
    assert.equal(new Set(keys).size, 3)
    assert.deepEqual(tombstones, [0, 0, 1, 0, 0, 1])
    assert.deepEqual((await digestAll(env, topic, 0)).keys, [])
  }))

test('offsets are told in spans, bytes are counted, nothing is held', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 1, 5000)
    const before = addon.counters()
    const { batches } = await digestAll(env, topic, 1)
    let next = 0
    for (const { spans, topic: name, partition } of batches) {
      assert.equal(name, topic)
      assert.equal(partition, 1)
      assert.deepEqual(spans.length, 2)
      assert.equal(spans[0], next)
      next += spans[1]
    }
    assert.equal(next, 5000)
    assert.ok(sum(batches.map(({ bytes }) => bytes)) > 5000 * 100)
    assert.equal(env.reader.held(), 0)
    const after = addon.counters()
    assert.equal(after.messagesTaken - before.messagesTaken, after.messagesFreed - before.messagesFreed)
    assert.equal(after.batchesAlive, before.batchesAlive)
  }))

test('arguments are checked, and a closed reader says so', () =>
  withClients(async (env) => {
    assert.throws(() => env.reader.digest(0, 1, 1, true, false, () => {}), TypeError)
    assert.throws(() => env.reader.digest(1, 1, 1, 'yes', false, () => {}), TypeError)
    assert.throws(() => env.reader.digest(1, 1, 1, true, undefined, () => {}), TypeError)
    assert.throws(() => env.reader.digest(1, 1, 1, true, false), TypeError)
    const waiting = call(env.reader, 'digest', 1, 1, 10_000, true, false)
    const refused = assert.rejects(waiting, { code: 'MR_CLIENT_CLOSED' })
    await call(env.reader, 'close')
    await refused
  }))
