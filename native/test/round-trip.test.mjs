import assert from 'node:assert/strict'
import {
  addon,
  call,
  countOf,
  disconnect,
  fresh,
  makeConsumer,
  makeProducer,
  pollUntil,
  startCluster
} from './clients.mjs'
import { test } from './harness.mjs'

test('records go from one topic to another', async () => {
  const cluster = await startCluster()
  const producer = await makeProducer(cluster.servers)
  const [source, target] = [fresh('source'), fresh('target')]
  for (let i = 0; i < 1000; i++)
    producer.produce(source, 1, Buffer.from(`value ${i}`), `key ${i}`, 1_600_000_000_000 + i)
  await call(producer, 'flush', 10_000)

  const consumer = await makeConsumer(cluster.servers)
  consumer.assign([{ topic: source, partition: 1, offset: 0 }])
  const reader = addon.attachConsumer(consumer.getClient())
  const writer = addon.attachProducer(producer.getClient())
  const { batches } = await pollUntil(reader, (all) => countOf(all.batches) === 1000)
  assert.equal(reader.held(), 1000)
  const results = await Promise.all(batches.map((batch) => call(writer, 'send', batch, target, 2, 0)))
  assert.equal(
    results.reduce((total, { delivered }) => total + delivered, 0),
    1000
  )
  assert.deepEqual([...results[0].runs].slice(0, 2), [0, 0])
  assert.equal(reader.held(), 0)
  assert.deepEqual(writer.outstanding(), { records: 0, sends: 0 })

  consumer.assign([{ topic: target, partition: 2, offset: 0 }])
  const copy = await pollUntil(reader, (all) => countOf(all.batches) === 1000)
  const records = copy.batches.flatMap((batch) => batch.records())
  assert.equal(records.length, 1000)
  assert.equal(records[7].value.toString(), 'value 7')
  assert.equal(records[7].key.toString(), 'key 7')
  assert.equal(records[7].timestamp, 1_600_000_000_007)
  for (const batch of copy.batches) batch.release()

  await call(reader, 'close')
  await call(writer, 'close', 1000)
  await disconnect(consumer)
  await disconnect(producer)
  await cluster.stop()
  const counters = addon.counters()
  assert.equal(counters.messagesTaken, counters.messagesFreed)
  assert.equal(counters.batchesAlive, 0)
  assert.equal(counters.sendsInFlight, 0)
})
