import assert from 'node:assert/strict'
import { addon, call, countOf, disconnect, fill, fresh, makeConsumer, makeProducer, pollUntil } from './clients.mjs'
import { sleep, test, until } from './harness.mjs'

/* What the embedded cluster can't do. MILLRACE_TEST_SERVERS=host:port names a broker of Kafka 2.7 or later. */

const servers = process.env['MILLRACE_TEST_SERVERS'] ?? ''
const real = (name, body) => test(name, body, { skip: servers === '' })

async function withAdmin(body) {
  const producer = await makeProducer(servers)
  await body((request, args, timeoutMs = 10_000) =>
    call(addon, 'admin', producer.getClient(), request, args, timeoutMs)
  )
  await disconnect(producer)
}

const newTopic = (topic, partitions = 2, configs = {}) => ({
  // The records are stamped years ago: they must not be deleted while a test looks for them.
  topics: [{ topic, partitions, replicationFactor: 1, configs: { 'retention.ms': '-1', ...configs } }]
})

real('the cluster and its broker describe themselves', () =>
  withAdmin(async (admin) => {
    const cluster = await admin('describeCluster', {})
    assert.match(cluster.clusterId, /^.{10,}$/)
    assert.equal(cluster.brokers.length, 1)
    const [broker] = cluster.brokers
    assert.equal(`${broker.host}:${broker.port}`, servers)
    assert.equal(cluster.controllerId, broker.id)
    const [resource] = await admin('describeConfigs', { resources: [{ type: 'broker', name: String(broker.id) }] })
    assert.deepEqual([resource.type, resource.name, resource.code], ['broker', String(broker.id), 0])
    assert.ok(resource.entries.some(({ name }) => name === 'num.partitions'))
  })
)

real('a topic is created, described and grown', () =>
  withAdmin(async (admin) => {
    const topic = fresh('made')
    const args = newTopic(topic, 2, { 'retention.ms': '12345', 'cleanup.policy': 'delete' })
    const made = { topic, code: 0, name: 'NO_ERROR', text: '' }
    assert.deepEqual(await admin('createTopics', { ...args, validateOnly: true }), [made])
    assert.equal((await admin('describeTopics', { topics: [topic] }))[0].code, 3)
    assert.deepEqual(await admin('createTopics', args), [made])
    const [again] = await admin('createTopics', args)
    assert.deepEqual([again.code, again.name], [36, 'TOPIC_ALREADY_EXISTS'])
    assert.match(again.text, /exists/)
    await until(async () => (await admin('describeTopics', { topics: [topic] }))[0].code === 0, 'the topic is known')
    const [description] = await admin('describeTopics', { topics: [topic] })
    assert.equal(description.partitions.length, 2)
    assert.equal(description.partitions[1].inSyncReplicas.length, 1)
    assert.ok(description.topicId === '' || description.topicId.length === 22)
    const [configs] = await admin('describeConfigs', { resources: [{ type: 'topic', name: topic }] })
    const entry = (name) => configs.entries.find((candidate) => candidate.name === name)
    assert.deepEqual([entry('retention.ms').value, entry('retention.ms').isDefault], ['12345', false])
    assert.equal(entry('max.message.bytes').isDefault, true)
    assert.deepEqual(await admin('createPartitions', { topic, partitions: 5 }), [made])
    const [refused] = await admin('createPartitions', { topic, partitions: 5 })
    assert.equal(refused.name, 'INVALID_PARTITIONS')
    await until(
      async () => (await admin('describeTopics', { topics: [topic] }))[0].partitions.length === 5,
      'there are five partitions'
    )
  })
)

real('topics are deleted, and each that is not there is named', () =>
  withAdmin(async (admin) => {
    const [topic, other, missing] = [fresh('deleted'), fresh('kept'), fresh('missing')]
    await admin('createTopics', newTopic(topic))
    await admin('createTopics', newTopic(other))
    const known = async (name) => (await admin('describeTopics', { topics: [name] }))[0].code === 0
    await until(async () => (await known(topic)) && (await known(other)), 'both topics are known')
    const deleted = await admin('deleteTopics', { topics: [topic, missing] })
    assert.deepEqual(
      deleted.map(({ topic: name, name: error }) => [name, error]),
      [
        [topic, 'NO_ERROR'],
        [missing, 'UNKNOWN_TOPIC_OR_PART']
      ]
    )
    await until(async () => !(await known(topic)), 'the topic is gone')
    assert.equal(await known(other), true)
  })
)

real('a topic that does not exist', () =>
  withAdmin(async (admin) => {
    const topic = fresh('missing')
    const [description] = await admin('describeTopics', { topics: [topic] })
    assert.deepEqual([description.topic, description.code, description.name], [topic, 3, 'UNKNOWN_TOPIC_OR_PART'])
    const [configs] = await admin('describeConfigs', { resources: [{ type: 'topic', name: topic }] })
    assert.equal(configs.code, 3)
  })
)

real('offsets by time, and at either end', () =>
  withAdmin(async (admin) => {
    const topic = fresh('times')
    await admin('createTopics', newTopic(topic))
    await sleep(500)
    await fill(servers, topic, 1, 10, { timestamp: Date.now() - 10_000 })
    const ask = async (offset, isolation = 'read_committed') =>
      (await admin('listOffsets', { partitions: [{ topic, partition: 1, offset }], isolation }))[0]
    assert.deepEqual([(await ask(-2)).offset, (await ask(-1)).offset], [0, 10])
    assert.equal((await ask(-1, 'read_uncommitted')).offset, 10)
    assert.equal((await ask(Date.now() + 60_000)).offset, -1)
    const found = await ask(1)
    assert.deepEqual([found.topic, found.partition, found.offset, found.code], [topic, 1, 0, 0])
    assert.ok(found.timestamp > 0)
    assert.equal(
      (
        await admin('listOffsets', {
          partitions: [{ topic, partition: 9, offset: -1 }],
          isolation: 'read_committed'
        }).catch((error) => [{ code: error.rdkafkaCode }])
      )[0].code !== 0,
      true
    )
  })
)

real('offsets of a group are committed, listed and set', () =>
  withAdmin(async (admin) => {
    const [topic, groupId] = [fresh('topic'), fresh('group')]
    await admin('createTopics', newTopic(topic))
    await sleep(500)
    const partitions = [0, 1].map((partition) => ({ topic, partition }))
    const consumer = await makeConsumer(servers, { 'group.id': groupId })
    const reader = addon.attachConsumer(consumer.getClient())
    const commit = [{ topic, partition: 0, offset: 3, metadata: 'naïve', leaderEpoch: 0 }]
    // A coordinator that is still loading says so (14, 15, 16): to try again is up to the caller.
    await until(async () => (await call(reader, 'commit', commit))[0].code === 0, 'the coordinator has loaded')
    await call(reader, 'close')
    await disconnect(consumer)
    const listed = await admin('listConsumerGroupOffsets', { groupId, partitions })
    const byPartition = (partition, list = listed) => list.find((element) => element.partition === partition)
    assert.deepEqual(byPartition(0), {
      topic,
      partition: 0,
      offset: 3,
      leaderEpoch: 0,
      metadata: 'naïve',
      code: 0,
      name: 'NO_ERROR'
    })
    assert.ok(byPartition(1).offset < 0)
    const [set] = await admin('alterConsumerGroupOffsets', { groupId, offsets: [{ topic, partition: 1, offset: 7 }] })
    assert.deepEqual([set.partition, set.offset, set.code], [1, 7, 0])
    const all = await admin('listConsumerGroupOffsets', { groupId })
    assert.deepEqual([byPartition(0, all).offset, byPartition(1, all).offset], [3, 7])
    const gone = { groupId, code: 0, name: 'NO_ERROR', text: '' }
    assert.deepEqual(await admin('deleteGroup', { groupId }), [gone])
    const [again] = await admin('deleteGroup', { groupId })
    assert.deepEqual([again.groupId, again.name], [groupId, 'GROUP_ID_NOT_FOUND'])
  })
)

real('an error keeps its topic, partition and code', () =>
  withAdmin(async (admin) => {
    const topic = fresh('errors')
    await admin('createTopics', newTopic(topic))
    await sleep(500)
    await fill(servers, topic, 0, 10)
    await fill(servers, topic, 1, 10)
    // node-rdkafka ignores properties of topics among those of the client.
    const consumer = await makeConsumer(servers, {}, { 'auto.offset.reset': 'error' })
    const reader = addon.attachConsumer(consumer.getClient())
    consumer.assign([
      { topic, partition: 0, offset: 0 },
      { topic, partition: 1, offset: 1000 }
    ])
    const { errors, batches } = await pollUntil(reader, (all) => all.errors.length > 0 && countOf(all.batches) === 10)
    const reset = errors.find((error) => error.topic === topic)
    assert.deepEqual([reset.partition, reset.code, reset.name], [1, -140, '_AUTO_OFFSET_RESET'])
    assert.match(reset.text, /./)
    for (const batch of batches) batch.release()
    await call(reader, 'close')
    await disconnect(consumer)
  })
)

real('a record that only the broker refuses', () =>
  withAdmin(async (admin) => {
    const [topic, target] = [fresh('source'), fresh('small')]
    await admin('createTopics', newTopic(topic))
    await admin('createTopics', newTopic(target, 1, { 'max.message.bytes': '2000' }))
    await sleep(500)
    await fill(servers, topic, 0, 1)
    await fill(servers, topic, 0, 1, { size: 5000 })
    await fill(servers, topic, 0, 3)
    const consumer = await makeConsumer(servers)
    const producer = await makeProducer(servers, { 'enable.gapless.guarantee': true, 'batch.num.messages': 1 })
    const reader = addon.attachConsumer(consumer.getClient())
    const writer = addon.attachProducer(producer.getClient())
    const events = []
    writer.onEvent((event) => events.push(event))
    consumer.assign([{ topic, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(reader, (all) => countOf(all.batches) === 5)
    const sends = []
    for (const batch of batches) {
      for (let i = batch.firstOffset, end = batch.lastOffset; i <= end; i++) {
        const one = batch.take(i, i + 1)
        if (one) sends.push(call(writer, 'send', one, target, 0, i))
      }
    }
    const results = await Promise.all(sends)
    assert.equal(results[0].delivered, 1)
    const { failure } = results[1]
    assert.deepEqual([failure.kind, failure.name, failure.offset], ['refused', 'MSG_SIZE_TOO_LARGE', 1])
    for (const result of results.slice(2)) assert.equal(result.failure.kind, 'purged', result.failure.name)
    await until(() => events.some(({ fatal }) => fatal), 'the fatal error is told')
    assert.ok(events.some(({ fatal, name }) => fatal && name === '_GAPLESS_GUARANTEE'))
    await call(writer, 'close', 1000)
    await call(reader, 'close')
    await disconnect(producer)
    await disconnect(consumer)
    const [end] = await admin('listOffsets', {
      partitions: [{ topic: target, partition: 0, offset: -1 }],
      isolation: 'read_uncommitted'
    })
    assert.equal(end.offset, 1)
  })
)
