import assert from 'node:assert/strict'
import { addon, call, countOf, fill, fresh, kafka, pollUntil, withClients } from './clients.mjs'
import { test } from './harness.mjs'

class Producer {}
class KafkaConsumer {}

const odd = [
  undefined,
  null,
  true,
  0,
  -1,
  0.5,
  NaN,
  Infinity,
  -Infinity,
  2 ** 53,
  2 ** 31,
  10n,
  '',
  'text',
  'a\0b',
  'x'.repeat(1e6),
  '\ud800',
  Symbol('s'),
  {},
  [],
  [undefined],
  [{}],
  [[]],
  new Array(4e9),
  { length: 1e9 },
  () => {},
  class {},
  new Proxy({}, {}),
  new Proxy([], {}),
  Buffer.from('x'),
  new Map(),
  new Date(),
  Object.create(null),
  new Producer(),
  new KafkaConsumer(),
  new Topicless(),
  { topic: 't' },
  [{ topic: '', partition: 0, offset: 1 }],
  [{ topic: 't', partition: -1, offset: 1 }],
  [{ topic: 't', partition: 0 }],
  [{ topic: 't', partition: 0, offset: -1 }],
  [{ topic: 't', partition: 0, offset: 1, metadata: 7 }],
  [{ topic: 't', partition: 0, offset: 1, leaderEpoch: 'x' }]
]

function Topicless() {}

/** Must throw a TypeError. */
function refused(what, body) {
  assert.throws(body, TypeError, what)
}

/** The same list with one value in the place of another. */
const replaced = (list, index, value) => list.map((old, i) => (i === index ? value : old))

test('a handle is recognised, whatever pretends to be one', () =>
  withClients(async (env) => {
    const producer = env.producer.getClient()
    const consumer = env.consumer.getClient()
    const fakes = [
      ...odd,
      env.producer,
      env.consumer,
      env.reader,
      env.writer,
      Object.create(producer),
      Object.create(consumer),
      Object.create(Object.getPrototypeOf(consumer)),
      Object.getPrototypeOf(producer),
      Object.getPrototypeOf(consumer),
      new Proxy(producer, {}),
      new Proxy(consumer, {}),
      Object.setPrototypeOf({}, Object.getPrototypeOf(producer)),
      process.binding,
      process.stdout._handle
    ]
    for (const fake of fakes) {
      refused('attachConsumer', () => addon.attachConsumer(fake))
      refused('attachProducer', () => addon.attachProducer(fake))
      refused('admin', () => addon.admin(fake, 'describeCluster', {}, 1000, () => {}))
      refused('addBrokers', () => addon.addBrokers(fake, 'localhost:1'))
      refused('cancelRequests', () => addon.cancelRequests(fake))
      refused('clusterId', () => addon.clusterId(fake))
      refused('destroyClient', () => addon.destroyClient(fake, () => {}))
    }
    refused('a producer as consumer', () => addon.attachConsumer(producer))
    refused('a consumer as producer', () => addon.attachProducer(consumer))
    // Somebody else's class of the same name, with the field of a native object.
    const { Producer: Native, Topic } = await import('node-rdkafka/librdkafka.js').then((module) => module.default)
    const forged = new (class KafkaConsumer extends Native {})({ 'bootstrap.servers': 'localhost:1' }, {})
    refused('a producer that calls itself a consumer', () => addon.attachConsumer(forged))
    if (typeof Topic === 'function') refused('another native object', () => addon.attachProducer(Topic.prototype))
    refused('an own batch', () => addon.attachProducer(env.reader))
  }))

test('brokers are added from text only, and never to a client that is closed', () =>
  withClients(async (env) => {
    const producer = env.producer.getClient()
    for (const value of odd) {
      if (typeof value === 'string' && /^[a-z]{4}$/.test(value)) continue
      if (value === '\ud800') continue
      refused(String(typeof value), () => addon.addBrokers(producer, value))
    }
    assert.equal(addon.addBrokers(producer, ',,'), 0)
    for (const list of ['', '\ud800', 'x'.repeat(60_000)].map((text) => `${text},localhost:1`)) {
      addon.addBrokers(producer, list)
    }
    const closed = new kafka.Producer({ 'bootstrap.servers': '127.0.0.1:1', log_level: 0 }).getClient()
    assert.throws(() => addon.addBrokers(closed, 'localhost:1'), { code: 'MR_CLIENT_CLOSED' })
  }))

test('a second thread for one client is refused', () =>
  withClients(async (env) => {
    assert.throws(() => addon.attachProducer(env.producer.getClient()), { code: 'MR_ALREADY_ATTACHED' })
    assert.throws(() => addon.attachConsumer(env.consumer.getClient()), { code: 'MR_ALREADY_ATTACHED' })
    await call(env.reader, 'close')
    const again = addon.attachConsumer(env.consumer.getClient())
    await call(again, 'close')
  }))

test('methods refuse a foreign receiver', () =>
  withClients(async (env) => {
    for (const object of [env.reader, env.writer]) {
      const prototype = Object.getPrototypeOf(object)
      for (const name of Object.getOwnPropertyNames(prototype)) {
        for (const receiver of [
          ...odd,
          prototype,
          object === env.reader ? env.writer : env.reader,
          Object.create(object)
        ]) {
          if (name === 'constructor') continue
          refused(name, () => Reflect.apply(prototype[name], receiver, []))
        }
      }
      refused('constructor', () => new prototype.constructor())
      refused('constructor', () => Reflect.construct(prototype.constructor, [], class {}))
      refused('constructor', () => new (class extends prototype.constructor {})())
    }
  }))

test('consumer calls refuse wrong arguments', () =>
  withClients(async (env) => {
    const polls = [1000, 10, 0, () => {}]
    const fits = { 0: (v) => v === 2 ** 31, 1: () => false, 2: (v) => v === 0 }
    for (const value of odd) {
      for (const index of polls.keys()) {
        if (index === 3 ? typeof value === 'function' : fits[index](value)) continue
        refused(`poll ${index} ${typeof value}`, () => env.reader.poll(...replaced(polls, index, value)))
      }
      if (!(Array.isArray(value) && value.length === 0)) refused('commit', () => env.reader.commit(value, () => {}))
      if (typeof value !== 'function') {
        refused('commit', () => env.reader.commit([], value))
        refused('close', () => env.reader.close(value))
        if (value !== undefined) refused('onEvent', () => env.reader.onEvent(value))
      }
    }
    refused('poll', () => env.reader.poll())
    refused('commit', () => env.reader.commit())
  }))

test('producer calls refuse wrong arguments', () =>
  withClients(async (env) => {
    const topic = fresh('topic')
    await fill(env.servers, topic, 0, 5)
    env.consumer.assign([{ topic, partition: 0, offset: 0 }])
    const { batches } = await pollUntil(env.reader, (all) => countOf(all.batches) === 5)
    const sends = [batches[0], topic, 0, 0, () => {}]
    const fits = {
      0: () => false,
      1: (v) => v === 'text' || v === '\ud800',
      2: (v) => v === 0,
      3: (v) => Number.isSafeInteger(v),
      4: (v) => typeof v === 'function'
    }
    for (const value of [...odd, env.reader, env.writer, Object.create(batches[0]), new Proxy(batches[0], {})]) {
      for (const index of sends.keys()) {
        if (fits[index](value)) continue
        refused(`send ${index} ${typeof value}`, () => env.writer.send(...replaced(sends, index, value)))
      }
      if (!Number.isSafeInteger(value)) refused('unblock', () => env.writer.unblock(value))
      if (!(value === 0)) {
        if (!(Number.isSafeInteger(value) && value >= 0 && value <= 86400000)) {
          refused('close', () => env.writer.close(value, () => {}))
        }
      }
      if (typeof value !== 'function') refused('close', () => env.writer.close(0, value))
    }
    assert.equal(batches[0].count, 5, 'a refused send takes nothing')
    const record = { offset: 1, timestamp: 1, key: null, value: null, headers: [] }
    const header = { name: Buffer.from('n'), value: null }
    const recordFits = {
      offset: (v) => Number.isSafeInteger(v) && v >= 0,
      timestamp: (v) => Number.isSafeInteger(v) && v >= -1,
      key: (v) => v === null || Buffer.isBuffer(v),
      value: (v) => v === null || Buffer.isBuffer(v),
      headers: (v) => Array.isArray(v) && v.length === 0
    }
    const sendRecord = (value) => env.writer.sendRecord(value, topic, 0, 0, () => {})
    for (const value of odd) {
      refused('sendRecord', () => sendRecord(value))
      for (const property of Object.keys(recordFits)) {
        if (recordFits[property](value)) continue
        refused(`sendRecord ${property} ${typeof value}`, () => sendRecord({ ...record, [property]: value }))
      }
      for (const property of ['name', 'value']) {
        if (Buffer.isBuffer(value) || (property === 'value' && value === null)) continue
        const headers = [header, { ...header, [property]: value }]
        refused(`sendRecord header ${property}`, () => sendRecord({ ...record, headers }))
      }
    }
    for (const batch of batches) {
      for (const value of odd) {
        if (!(Number.isSafeInteger(value) && value >= 0)) {
          refused('take', () => batch.take(value, 1))
          refused('take', () => batch.take(1, value))
        }
        if (!Number.isSafeInteger(value)) {
          refused('outside', () => batch.outside(1, value, 1, true))
          refused('outside', () => batch.outside(1, 1, value, true))
        }
        if (!(Number.isSafeInteger(value) && value >= -1)) refused('outside', () => batch.outside(value, 1, 1, true))
        if (typeof value !== 'boolean') refused('outside', () => batch.outside(1, 1, 1, value))
        if (!Number.isSafeInteger(value)) refused('offsetAtOrAfter', () => batch.offsetAtOrAfter(value))
        if (!['text', '\ud800'].includes(value)) refused('findHeaders', () => batch.findHeaders(value, 1, 0, 1))
        if (value !== 0) refused('findHeaders', () => batch.findHeaders('h', value, 0, 1))
        if (!(Number.isSafeInteger(value) && value >= 0)) {
          refused('findHeaders', () => batch.findHeaders('h', 1, value, 1))
          refused('findHeaders', () => batch.findHeaders('h', 1, 0, value))
        }
      }
      batch.release()
    }
  }))

test('admin requests refuse wrong arguments', () =>
  withClients(async (env) => {
    const handle = env.producer.getClient()
    const right = {
      describeTopics: { topics: ['t'] },
      describeConfigs: { resources: [{ type: 'topic', name: 't' }] },
      createTopics: { topics: [{ topic: 't', partitions: 1, replicationFactor: 1, configs: { a: 'b' } }] },
      createPartitions: { topic: 't', partitions: 2 },
      deleteTopics: { topics: ['t'] },
      listOffsets: { partitions: [{ topic: 't', partition: 0, offset: -1 }], isolation: 'read_committed' },
      listConsumerGroupOffsets: { groupId: 'g', partitions: [{ topic: 't', partition: 0 }] },
      alterConsumerGroupOffsets: { groupId: 'g', offsets: [{ topic: 't', partition: 0, offset: 1 }] }
    }
    let answers = 0
    let sent = 0
    const attempt = (request, args, timeoutMs, callback) => {
      try {
        addon.admin(handle, request, args, timeoutMs, callback)
        sent++
      } catch (error) {
        assert.ok(error instanceof TypeError, String(error))
      }
    }
    const answered = () => answers++
    /** Every property, however deep, replaced by every odd value. */
    function* mutants(value) {
      if (typeof value !== 'object' || value === null) return
      for (const key of Object.keys(value)) {
        for (const replacement of odd) {
          const copy = Array.isArray(value) ? [...value] : { ...value }
          copy[key] = replacement
          yield copy
        }
        for (const inner of mutants(value[key]))
          yield Array.isArray(value) ? replaced(value, Number(key), inner) : { ...value, [key]: inner }
      }
    }
    for (const [request, args] of Object.entries(right)) {
      for (const mutant of mutants(args)) attempt(request, mutant, 100, answered)
      for (const value of odd) {
        if (!(typeof value === 'number' && value > 0 && value <= 3600000)) {
          refused('timeoutMs', () => addon.admin(handle, request, args, value, () => {}))
        }
        if (typeof value !== 'function') refused('callback', () => addon.admin(handle, request, args, 100, value))
        refused('request', () => addon.admin(handle, value, args, 100, () => {}))
      }
      const trap = new Proxy(
        {},
        {
          get: () => {
            throw new RangeError('trap')
          }
        }
      )
      assert.throws(() => addon.admin(handle, request, trap, 100, () => {}), RangeError)
    }
    assert.ok(sent > 0)
    while (answers < sent) await new Promise((resolve) => setTimeout(resolve, 50))
  }))

test('the deletion of a group refuses wrong arguments', () =>
  withClients((env) => {
    const handle = env.producer.getClient()
    // A group that may be deleted is not sent: the embedded cluster knows no such request, and librdkafka 2.12.0 ends
    // the process where a coordinator doesn't (Kafka has it since 1.1).
    const fits = (value) => value === 'text' || value === '\ud800'
    for (const value of odd.filter((each) => !fits(each))) {
      refused('groupId', () => addon.admin(handle, 'deleteGroup', { groupId: value }, 100, () => {}))
      refused('args', () => addon.admin(handle, 'deleteGroup', value, 100, () => {}))
    }
    refused('timeoutMs', () => addon.admin(handle, 'deleteGroup', { groupId: 'g' }, 0, () => {}))
    refused('callback', () => addon.admin(handle, 'deleteGroup', { groupId: 'g' }, 100, {}))
  }))

test('counters and malloc refuse nothing but nonsense', () => {
  for (const value of odd) {
    if (!(Number.isSafeInteger(value) && value >= 0 && value < 2 ** 31)) {
      refused('tuneMalloc', () => addon.tuneMalloc(value, 1 << 20))
      refused('tuneMalloc', () => addon.tuneMalloc(1 << 20, value))
    }
  }
  for (const value of odd) {
    if (typeof value !== 'function') refused('trimMalloc', () => addon.trimMalloc(value))
  }
  assert.equal(addon.tuneMalloc(64 << 20, 128 << 20), process.platform === 'linux')
  assert.match(addon.librdkafkaVersion, /^2\./)
  assert.ok(addon.features.includes('ssl'))
  assert.ok(kafka.features.every((feature) => addon.features.includes(feature)))
})

test('what was freed goes back to the system when it is asked for, and what is in use stays', async () => {
  const MIB = 1024 * 1024
  if (!addon.tuneMalloc(256 * MIB, 256 * MIB)) return
  const kept = Buffer.alloc(MIB, 7)
  let spare = Array.from({ length: 100 }, () => Buffer.alloc(MIB, 1))
  assert.equal(spare.length, 100)
  spare = []
  globalThis.gc()
  await new Promise((resolve) => setTimeout(resolve, 200))
  const before = process.memoryUsage.rss()
  await Promise.all([call(addon, 'trimMalloc'), call(addon, 'trimMalloc')])
  // valgrind has a malloc of its own, which gives nothing back.
  if (process.env.MILLRACE_TEST_SLOWNESS === undefined) assert.ok(process.memoryUsage.rss() < before - 50 * MIB)
  assert.ok(kept.every((byte) => byte === 7))
})
