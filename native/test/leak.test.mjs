import assert from 'node:assert/strict'
import {
  addon,
  call,
  countOf,
  disconnect,
  fill,
  fresh,
  makeConsumer,
  makeProducer,
  pollUntil,
  sum,
  withClients
} from './clients.mjs'
import { sleep, test, until } from './harness.mjs'
import { encodeBatch, produceRequest } from './wire.mjs'

/* Also run under valgrind (valgrind.sh), where MILLRACE_TEST_CYCLES makes it shorter. */

const cycles = Number(process.env['MILLRACE_TEST_CYCLES'] ?? 200)
const records = cycles < 100 ? 4000 : 20_000

async function collect() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    await sleep(5)
  }
}

const balanced = () => {
  const { messagesTaken, messagesFreed, batchesAlive, sendsInFlight } = addon.counters()
  return messagesTaken === messagesFreed && batchesAlive === 0 && sendsInFlight === 0
}

test('every consumed message is freed once: sent, released, taken apart or failed', () =>
  withClients(async (env) => {
    const [topic, target] = [fresh('topic'), fresh('target')]
    for (const partition of [0, 1, 2, 3]) await fill(env.servers, topic, partition, records / 4)
    const before = addon.counters()
    env.consumer.assign([0, 1, 2, 3].map((partition) => ({ topic, partition, offset: 0 })))
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === records, { maxBytes: 40_000 })
    const results = []
    let released = 0
    for (const [i, batch] of batches.entries()) {
      const half = batch.take(batch.firstOffset, batch.firstOffset + Math.ceil(batch.count / 2))
      if (i % 3 === 0) {
        released += half.count
        half.release()
      } else {
        results.push(call(env.writer, 'send', half, target, i % 5, i))
      }
      if (batch.count > 0) results.push(call(env.writer, 'send', batch, target, i % 4, i))
    }
    const settled = await Promise.all(results)
    assert.equal(released + sum(settled.map(({ delivered, failure }) => delivered + (failure?.count ?? 0))), records)
    assert.ok(settled.some(({ failure }) => failure?.name === '_UNKNOWN_PARTITION'))
    const after = addon.counters()
    assert.ok(after.messagesTaken - before.messagesTaken >= records)
    assert.ok(balanced(), JSON.stringify(after))
    assert.equal(env.reader.held(), 0)
  }))

test('headers that were looked at are freed with the record, sent or not', () =>
  withClients(async (env) => {
    const [topic, target] = [fresh('topic'), fresh('target')]
    const headers = [{ name: Buffer.from('traceparent'), value: Buffer.alloc(600, 1) }]
    const some = Array.from({ length: 100 }, () => ({ key: null, value: null, timestamp: 1000, headers }))
    await produceRequest(env.servers, topic, 0, encodeBatch(some))
    env.consumer.assign([{ topic, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 100)
    const found = batches.flatMap((batch) => batch.findHeaders('traceparent', 40, 0, 1000))
    assert.ok(found.length >= 40)
    const released = batches[0].take(0, 30)
    const later = batches[0].take(30, 60)
    assert.ok(later.count > 0)
    released.release()
    await Promise.all(batches.map((batch) => call(env.writer, 'send', batch, target, 0, 0)))
    later.release()
    assert.ok(balanced())
    assert.equal(sum(found.map(({ value }) => value[511])), found.length, 'what was found is a copy')
  }))

test('batches that JavaScript forgot are freed and counted', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 0, 1000)
    const before = addon.counters()
    env.consumer.assign([{ topic, partition: 0, offset: 0 }])
    await (async () => {
      const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 1000, { maxCount: 100 })
      assert.ok(env.reader.held() >= 1000)
      assert.equal(addon.counters().batchesAlive, batches.length)
    })()
    await until(async () => {
      await collect()
      return env.reader.held() === 0
    }, 'the garbage collector has freed the records')
    assert.ok(addon.counters().batchesLeaked - before.batchesLeaked >= 10)
    assert.ok(balanced())
  }))

test('attachments that JavaScript forgot end by themselves', () =>
  withClients(async (env) => {
    const [topic, target] = [fresh('topic'), fresh('target')]
    await fill(env.servers, topic, 0, 100)
    const consumer = await makeConsumer(env.servers)
    const producer = await makeProducer(env.servers, { 'linger.ms': 60_000 })
    let result
    const keepResult = (_, value) => (result = value)
    await (async () => {
      const reader = addon.attachConsumer(consumer.getClient())
      const writer = addon.attachProducer(producer.getClient())
      consumer.assign([{ topic, partition: 0, offset: 0 }])
      const { batches } = await pollUntil(reader, (all) => countOf(all.batches) === 100)
      // Not `call`: its callback would hold on to the producer.
      writer.send(batches[0], target, 0, 0, keepResult)
    })()
    await until(async () => {
      await collect()
      return result !== undefined
    }, 'the forgotten producer has purged its records')
    assert.equal(result.failure.kind, 'purged')
    const attachedAgain = (attach, client) => () => {
      try {
        attach(client.getClient()).close(...(client === producer ? [0] : []), () => {})
        return true
      } catch (error) {
        assert.equal(error.code, 'MR_ALREADY_ATTACHED')
        return collect().then(() => false)
      }
    }
    await until(attachedAgain(addon.attachProducer, producer), 'the producer is free')
    await until(attachedAgain(addon.attachConsumer, consumer), 'the consumer is free')
    await sleep(200)
    await disconnect(producer)
    await disconnect(consumer)
    assert.ok(balanced())
  }))

test(`${cycles} times open, copy and close`, () =>
  withClients(async (env) => {
    const [topic, target] = [fresh('topic'), fresh('target')]
    await fill(env.servers, topic, 0, 100)
    const consumer = await makeConsumer(env.servers)
    const producer = await makeProducer(env.servers)
    const sizes = []
    for (let i = 0; i < cycles; i++) {
      const reader = addon.attachConsumer(consumer.getClient())
      const writer = addon.attachProducer(producer.getClient())
      reader.onEvent(() => {})
      consumer.assign([{ topic, partition: 0, offset: 0 }])
      const { batches } = await pollUntil(reader, (all) => countOf(all.batches) >= 100)
      consumer.unassign()
      const results = await Promise.all(batches.map((batch) => call(writer, 'send', batch, target, 0, 0)))
      assert.equal(sum(results.map(({ delivered }) => delivered)), 100)
      await call(writer, 'close', 1000)
      await call(reader, 'close')
      if (i % 10 === 0) await collect()
      sizes.push(process.memoryUsage.rss())
    }
    await disconnect(consumer)
    await disconnect(producer)
    assert.ok(balanced())
    if (cycles < 100) return
    const growth = (sizes.at(-1) - sizes[Math.floor(cycles / 2)]) / 2 ** 20
    assert.ok(growth < 16, `${growth.toFixed(1)} MiB grown in the second half`)
  }))

test('20 clients made, attached and destroyed', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 0, 10)
    for (let i = 0; i < Math.min(20, cycles); i++) {
      const consumer = await makeConsumer(env.servers)
      const producer = await makeProducer(env.servers)
      const reader = addon.attachConsumer(consumer.getClient())
      const writer = addon.attachProducer(producer.getClient())
      consumer.assign([{ topic, partition: 0, offset: 0 }])
      const { batches } = await pollUntil(reader, (all) => countOf(all.batches) === 10)
      const [result] = await Promise.all(batches.map((batch) => call(writer, 'send', batch, topic, 1, 0)))
      assert.ok(result.delivered > 0)
      await call(writer, 'close', 1000)
      await call(reader, 'close')
      await disconnect(producer)
      await disconnect(consumer)
    }
    assert.ok(balanced())
  }))
