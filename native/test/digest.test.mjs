import assert from 'node:assert/strict'
import { addon, call, fill, fresh, sum, withClients } from './clients.mjs'
import { test } from './harness.mjs'
import { encodeBatch, produceRequest } from './wire.mjs'

/** Digests of a partition up to its end, in order. */
async function digestAll(env, topic, partition, withTimestamps = true) {
  env.consumer.assign([{ topic, partition, offset: 0 }])
  const all = []
  for (let ended = false; !ended;) {
    const { batches, ends, errors } = await call(env.reader, 'digest', 1 << 20, 1e6, 500, withTimestamps)
    assert.deepEqual(errors, [])
    all.push(...batches)
    ended = ends.some((end) => end.topic === topic && end.partition === partition)
  }
  env.consumer.unassign()
  const digests = all.flatMap(({ words }) =>
    Array.from({ length: words.length / 4 }, (_, i) => [...words.subarray(4 * i, 4 * i + 4)].join())
  )
  return { batches: all, digests }
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
    const without = (await digestAll(env, topic, 0, false)).digests
    assert.equal(new Set(without).size, records.length - 1, 'without timestamps two are equal')
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
    assert.throws(() => env.reader.digest(0, 1, 1, true, () => {}), TypeError)
    assert.throws(() => env.reader.digest(1, 1, 1, 'yes', () => {}), TypeError)
    assert.throws(() => env.reader.digest(1, 1, 1, true), TypeError)
    const waiting = call(env.reader, 'digest', 1, 1, 10_000, true)
    const refused = assert.rejects(waiting, { code: 'MR_CLIENT_CLOSED' })
    await call(env.reader, 'close')
    await refused
  }))
