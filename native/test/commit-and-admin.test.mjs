import assert from 'node:assert/strict'
import { addon, call, disconnect, fill, fresh, kafka, makeConsumer, makeProducer, withClients } from './clients.mjs'
import { test } from './harness.mjs'

/* What the embedded cluster knows; real-broker.test.mjs has the rest. */

test('a commit keeps offset and metadata, while a long poll runs', () => {
  const group = fresh('group')
  return withClients(
    async (env) => {
      const topic = fresh('topic')
      await fill(env.servers, topic, 0, 5)
      const poll = call(env.reader, 'poll', 1000, 10, 20_000)
      poll.catch(() => {})
      const start = Date.now()
      const offsets = [
        { topic, partition: 0, offset: 3, metadata: 'naïve metadata', leaderEpoch: 0 },
        { topic, partition: 1, offset: 0 }
      ]
      const results = await call(env.reader, 'commit', offsets)
      assert.ok(Date.now() - start < 15_000, 'not behind the poll')
      assert.deepEqual(results, [
        { topic, partition: 0, offset: 3, code: 0, name: 'NO_ERROR' },
        { topic, partition: 1, offset: 0, code: 0, name: 'NO_ERROR' }
      ])
      const committed = await new Promise((resolve, reject) =>
        env.consumer.committed(offsets, 10_000, (error, value) => (error ? reject(error) : resolve(value)))
      )
      assert.equal(committed[0].offset, 3)
      assert.equal(committed[1].offset, 0)
      assert.deepEqual(await call(env.reader, 'commit', []), [])
    },
    { consumer: { 'group.id': group } }
  )
})

test('a commit that the coordinator refuses says so for each partition', () =>
  withClients(async (env) => {
    const results = await call(env.reader, 'commit', [{ topic: fresh('topic'), partition: 77, offset: 1 }])
    assert.equal(results.length, 1)
    assert.notEqual(results[0].code, 0)
    assert.notEqual(results[0].name, 'NO_ERROR')
  }))

test('offsets are listed', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 1, 12)
    const ask = (offset) =>
      call(
        addon,
        'admin',
        env.producer.getClient(),
        'listOffsets',
        { partitions: [{ topic, partition: 1, offset }], isolation: 'read_committed' },
        5000
      )
    const [latest] = await ask(-1)
    assert.deepEqual([latest.topic, latest.partition, latest.offset, latest.code], [topic, 1, 12, 0])
    assert.equal((await ask(-2))[0].offset, 0)
  }))

test('empty requests have empty answers', () =>
  withClients(async (env) => {
    const handle = env.producer.getClient()
    assert.deepEqual(await call(addon, 'admin', handle, 'describeTopics', { topics: [] }, 100), [])
    assert.deepEqual(await call(addon, 'admin', handle, 'createTopics', { topics: [] }, 100), [])
    assert.deepEqual(await call(addon, 'admin', handle, 'deleteTopics', { topics: [] }, 100), [])
    assert.deepEqual(await call(addon, 'admin', handle, 'describeConfigs', { resources: [] }, 100), [])
  }))

test('a request that fails as a whole has the code of librdkafka', () =>
  withClients(async (env) => {
    const args = { topics: [{ topic: fresh('topic'), partitions: 1, replicationFactor: 1, configs: {} }] }
    await assert.rejects(call(addon, 'admin', env.producer.getClient(), 'createTopics', args, 2000), (error) => {
      assert.equal(error.code, 'MR_ADMIN')
      assert.equal(typeof error.rdkafkaCode, 'number')
      assert.match(error.rdkafkaName, /^[A-Z_]+$/)
      return true
    })
  }))

test('an admin request ends when its client does', async () => {
  const consumer = new kafka.KafkaConsumer({ 'bootstrap.servers': '127.0.0.1:1', 'group.id': 'g', log_level: 0 }, {})
  consumer.on('event.error', () => {})
  await new Promise((resolve) => consumer.getClient().connect(resolve))
  const request = call(addon, 'admin', consumer.getClient(), 'describeCluster', {}, 60_000)
  const rejected = assert.rejects(request, { code: 'MR_CLIENT_CLOSED' })
  await new Promise((resolve) => setTimeout(resolve, 200))
  const start = Date.now()
  await new Promise((resolve) => consumer.getClient().disconnect(resolve))
  await rejected
  assert.ok(Date.now() - start < 10_000)
})

test('a request to a cluster that is away times out', async () => {
  const producer = new kafka.Producer({ 'bootstrap.servers': '127.0.0.1:1', log_level: 0 })
  producer.on('event.error', () => {})
  await new Promise((resolve) => producer.getClient().connect(resolve))
  const request = call(addon, 'admin', producer.getClient(), 'describeTopics', { topics: ['t'] }, 500)
  await assert.rejects(request, (error) => error.code === 'MR_ADMIN' && error.rdkafkaCode === -185)
  await new Promise((resolve) => producer.getClient().disconnect(resolve))
})

test('a client is destroyed beside its handle, which is closed from then on', () =>
  withClients(async (env) => {
    const destroyed = (client) =>
      new Promise((resolve) => assert.equal(addon.destroyClient(client.getClient(), resolve), true))
    for (const make of [makeProducer, makeConsumer]) {
      const client = await make(env.servers)
      const end = destroyed(client)
      for (const use of [
        () => addon.destroyClient(client.getClient(), () => {}),
        () => addon.clusterId(client.getClient())
      ])
        assert.throws(use, { code: 'MR_CLIENT_CLOSED' })
      assert.equal(await end, null)
      await disconnect(client)
      assert.throws(() => addon.destroyClient(client.getClient(), () => {}), { code: 'MR_CLIENT_CLOSED' })
    }
  }))

test('a client that is in use is not destroyed', () =>
  withClients(async (env) => {
    const client = await makeProducer(env.servers)
    await env.cluster.stop()
    // Holds node-rdkafka's lock until nobody has answered.
    const metadata = new Promise((resolve) => client.getClient().getMetadata({ topic: 'none', timeout: 500 }, resolve))
    await new Promise((resolve) => setTimeout(resolve, 100))
    assert.equal(
      addon.destroyClient(client.getClient(), () => assert.fail('it was destroyed')),
      false
    )
    await metadata
    await new Promise((resolve) => assert.equal(addon.destroyClient(client.getClient(), resolve), true))
    await disconnect(client)
  }))

test('requests that nobody waits for any more end at once, those of other clients go on', () =>
  withClients(async (env) => {
    // Nobody listens there, so each waits for its broker until its time is over.
    const away = await makeProducer(env.servers)
    const other = await makeProducer(env.servers)
    await env.cluster.stop()
    const ask = (client, timeoutMs) => call(addon, 'admin', client.getClient(), 'describeCluster', {}, timeoutMs)
    const began = performance.now()
    const cut = Array.from({ length: 20 }, () => ask(away, 60_000))
    const rest = ask(other, 2000)
    addon.cancelRequests(away.getClient())
    const ends = await Promise.allSettled(cut)
    assert.deepEqual([...new Set(ends.map(({ reason }) => reason?.code))], ['MR_CLIENT_CLOSED'])
    assert.ok(performance.now() - began < 1500, 'they were waited for')
    await disconnect(away)
    addon.cancelRequests(env.producer.getClient())
    await assert.rejects(rest, { code: 'MR_ADMIN', rdkafkaName: '_TIMED_OUT' })
    await disconnect(other)
    assert.throws(() => addon.cancelRequests(other.getClient()), { code: 'MR_CLIENT_CLOSED' })
  }))
