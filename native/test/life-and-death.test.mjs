import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import {
  addon,
  call,
  countOf,
  disconnect,
  fill,
  fresh,
  kafka,
  makeConsumer,
  makeProducer,
  pollUntil,
  startCluster,
  withClients
} from './clients.mjs'
import { sleep, test, until } from './harness.mjs'

const closed = { code: 'MR_CLIENT_CLOSED' }
const nothing = () => {}

test('one librdkafka is in the process', () => {
  const maps = readFileSync('/proc/self/maps', 'utf8')
  const files = new Set([...maps.matchAll(/\S*librdkafka\S*\.so\S*/g)].map(([path]) => path))
  const plain = [...files].filter((path) => !path.includes('++'))
  const cpp = [...files].filter((path) => path.includes('++'))
  assert.equal(plain.length, 1, plain.join())
  assert.equal(cpp.length, 1, cpp.join())
  assert.match(plain[0], /node-rdkafka\/build\/deps\//)
})

test('a client that was never connected', () => {
  const producer = new kafka.Producer({ 'bootstrap.servers': '127.0.0.1:1' })
  const consumer = new kafka.KafkaConsumer({ 'bootstrap.servers': '127.0.0.1:1', 'group.id': 'g' }, {})
  assert.throws(() => addon.attachProducer(producer.getClient()), closed)
  assert.throws(() => addon.attachConsumer(consumer.getClient()), closed)
  assert.throws(() => addon.admin(producer.getClient(), 'describeCluster', {}, 100, nothing), closed)
})

test('a client that was disconnected', async () => {
  const cluster = await startCluster()
  const producer = await makeProducer(cluster.servers)
  const consumer = await makeConsumer(cluster.servers)
  await disconnect(producer)
  await disconnect(consumer)
  assert.throws(() => addon.attachProducer(producer.getClient()), closed)
  assert.throws(() => addon.attachConsumer(consumer.getClient()), closed)
  assert.throws(() => addon.admin(consumer.getClient(), 'describeCluster', {}, 100, nothing), closed)
  await cluster.stop()
})

/** Every call of an attached consumer and producer must say that it is over. */
function expectClosed(reader, writer, batch) {
  assert.throws(() => reader.poll(1, 1, 1, nothing), closed)
  assert.throws(() => reader.commit([], nothing), closed)
  assert.throws(() => reader.commit([{ topic: 't', partition: 0, offset: 0 }], nothing), closed)
  assert.throws(() => reader.onEvent(nothing), closed)
  reader.onEvent(undefined)
  if (batch) assert.throws(() => writer.send(batch, 't', 0, 0, nothing), closed)
  assert.throws(() => writer.unblock(0), closed)
  assert.throws(() => writer.onEvent(nothing), closed)
  writer.onEvent(undefined)
  assert.equal(typeof reader.held(), 'number')
  assert.deepEqual(writer.outstanding(), { records: 0, sends: 0 })
}

test('calls on closed and closing attachments', () =>
  withClients(async ({ reader, writer }) => {
    const ends = [call(reader, 'close'), call(writer, 'close', 1000)]
    expectClosed(reader, writer)
    await Promise.all(ends)
    expectClosed(reader, writer)
    assert.throws(() => reader.close(nothing), closed)
    assert.throws(() => writer.close(0, nothing), closed)
  }))

test('a disconnect behind our back', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 0, 10)
    env.consumer.assign([{ topic, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 10)
    env.consumer.unassign()
    const poll = call(env.reader, 'poll', 1000, 10, 60_000)
    const pollEnds = assert.rejects(poll, closed)
    await disconnect(env.producer)
    assert.throws(() => env.writer.send(batches[0], topic, 0, 0, nothing), closed)
    for (const batch of batches) batch.release()
    await disconnect(env.consumer)
    await pollEnds
    expectClosed(env.reader, env.writer)
    await call(env.reader, 'close')
    await call(env.writer, 'close', 10_000)
  }))

test('a disconnect behind our back with records under way settles every send', () =>
  withClients(
    async (env) => {
      const topic = fresh('topic')
      await fill(env.servers, topic, 0, 1000)
      env.consumer.assign([{ topic, partition: 0, offset: 0 }])
      const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 1000)
      // A lane each: what is behind a failed send of its lane may be called blocked.
      const sends = batches.map((batch, lane) => call(env.writer, 'send', batch, fresh('target'), 0, lane))
      await new Promise((resolve) => env.producer.getClient().disconnect(resolve))
      const results = await Promise.all(sends)
      for (const { failure } of results) assert.deepEqual([failure.kind, failure.name], ['purged', '_DESTROY'])
      assert.equal(
        results.reduce((total, { failure }) => total + failure.count, 0),
        1000
      )
    },
    { producer: { 'linger.ms': 10_000 } }
  ))

test('a client that was connected again is another client', () =>
  withClients(async (env) => {
    for (let i = 0; i < 5; i++) {
      const producer = await makeProducer(env.servers)
      const writer = addon.attachProducer(producer.getClient())
      await disconnect(producer)
      await new Promise((resolve) => producer.connect({ timeout: 5000 }, resolve))
      assert.throws(() => writer.unblock(0), closed)
      const again = addon.attachProducer(producer.getClient())
      again.unblock(0)
      await call(writer, 'close', 1000)
      again.unblock(0)
      await call(again, 'close', 1000)
      await disconnect(producer)
    }
  }))

test('close waits for nobody while a long poll runs', () =>
  withClients(async (env) => {
    const poll = call(env.reader, 'poll', 1000, 10, 60_000)
    const queued = call(env.reader, 'poll', 1000, 10, 60_000)
    const rejected = [assert.rejects(poll, closed), assert.rejects(queued, closed)]
    await sleep(100)
    const start = Date.now()
    await call(env.reader, 'close')
    assert.ok(Date.now() - start < 1000)
    await Promise.all(rejected)
  }))

test('close is refused while records are held', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 0, 10)
    env.consumer.assign([{ topic, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 10)
    await assert.rejects(call(env.reader, 'close'), { code: 'MR_RECORDS_HELD' })
    await call(env.reader, 'poll', 1000, 10, 0)
    for (const batch of batches) batch.release()
    await call(env.reader, 'close')
  }))

test('close under load loses no record of the count', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 0, 20_000)
    for (let i = 0; i < 20; i++) {
      const consumer = await makeConsumer(env.servers)
      const reader = addon.attachConsumer(consumer.getClient())
      consumer.assign([{ topic, partition: 0, offset: 0 }])
      const poll = call(reader, 'poll', 1 << 30, 1e6, 1000).catch((error) =>
        assert.equal(error.code, 'MR_CLIENT_CLOSED')
      )
      await sleep(i * 2)
      const end = call(reader, 'close').then(
        () => true,
        () => false
      )
      for (const batch of (await poll)?.batches ?? []) batch.release()
      if (!(await end)) await call(reader, 'close')
      assert.equal(reader.held(), 0)
      await disconnect(consumer)
    }
    assert.equal(addon.counters().messagesTaken, addon.counters().messagesFreed)
  }))

test('errors of the client come with their code', async () => {
  const cluster = await startCluster()
  const producer = await makeProducer(cluster.servers, { 'reconnect.backoff.max.ms': 100 })
  let stock = 0
  producer.on('event.error', () => stock++)
  const writer = addon.attachProducer(producer.getClient())
  const events = []
  writer.onEvent((event) => events.push(event))
  await cluster.stop()
  await until(() => events.length > 0 && stock > 0, 'the lost connection is told')
  assert.equal(events[0].type, 'error')
  assert.equal(events[0].fatal, false)
  assert.ok(
    events.some(
      ({ code, name }) => (code === -195 && name === '_TRANSPORT') || (code === -187 && name === '_ALL_BROKERS_DOWN')
    )
  )
  await call(writer, 'close', 0)
  await disconnect(producer)
})

/** A child process that runs `code` with the helpers in scope. */
function runChild(code) {
  const clients = new URL('./clients.mjs', import.meta.url).href
  const script = `import * as t from ${JSON.stringify(clients)}\nconst { addon, call, fresh, fill } = t\n${code}`
  return spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000
  })
}

const attachments = `
  const cluster = await t.startCluster()
  const producer = await t.makeProducer(cluster.servers, { 'linger.ms': 2000 })
  const consumer = await t.makeConsumer(cluster.servers)
  const reader = addon.attachConsumer(consumer.getClient())
  const writer = addon.attachProducer(producer.getClient())
  const topic = fresh('topic')
  await fill(cluster.servers, topic, 0, 5000)
  consumer.assign([{ topic, partition: 0, offset: 0 }])
  const { batches } = await t.pollUntil(reader, (all) => t.countOf(all.batches) === 5000)
  writer.send(batches[0], topic, 1, 0, () => {})
  reader.poll(1e6, 1e6, 60000, () => {})
  reader.commit([{ topic, partition: 0, offset: 5 }], () => {})
  addon.admin(producer.getClient(), 'describeTopics', { topics: [topic] }, 5000, () => {})
`

test('a process may exit with everything under way', () => {
  const result = runChild(`${attachments}\nprocess.exit(7)`)
  assert.deepEqual([result.signal, result.status], [null, 7], result.stderr)
})

test('a process may exit with a client that never ends, as no client does whose messages are held', () => {
  const result = runChild(`
    const cluster = await t.startCluster()
    const consumer = await t.makeConsumer(cluster.servers)
    const reader = addon.attachConsumer(consumer.getClient())
    const topic = fresh('topic')
    await fill(cluster.servers, topic, 0, 10)
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    globalThis.held = await t.pollUntil(reader, (all) => t.countOf(all.batches) === 10)
    const destroy = () => addon.destroyClient(consumer.getClient(), () => process.exit(1))
    while (!destroy()) await new Promise((resolve) => setTimeout(resolve, 10))
    setTimeout(() => process.exit(7), 1000)`)
  assert.deepEqual([result.signal, result.status], [null, 7], result.stderr)
})

test('an uncaught exception ends the process, not a signal', () => {
  const result = runChild(`${attachments}\nwriter.close(0, () => { throw new Error('on purpose') })`)
  assert.equal(result.signal, null, result.stderr)
  assert.equal(result.status, 1)
  assert.match(result.stderr, /on purpose/)
})

test('an addon without work does not keep the process alive', () => {
  const result = runChild('addon.counters(); setTimeout(() => process.exit(9), 5000).unref()')
  assert.deepEqual([result.signal, result.status], [null, 0], result.stderr)
})
