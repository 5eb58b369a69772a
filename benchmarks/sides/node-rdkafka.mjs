// One side of the obvious loop with node-rdkafka: consume or produce, JSON of settings in the argument.
import rdkafka from 'node-rdkafka'

const CONSUME = 1000
const QUEUE_FULL = rdkafka.CODES.ERRORS.ERR__QUEUE_FULL
const TIMEOUT_MS = 10_000
const FROM = 0.1
const TO = 0.95

const { side, sourceTopic, targetTopic, records, source, target } = JSON.parse(process.argv[2])

const consumer = new rdkafka.KafkaConsumer(source, {})
consumer.on('event.error', (error) => console.error(error.message))
const metadata = await call(consumer, 'connect', { timeout: TIMEOUT_MS })
const { partitions } = metadata.topics.find(({ name }) => name === sourceTopic)
const assignment = partitions.map(({ id }) => ({ topic: sourceTopic, partition: id, offset: 0 }))
consumer.assign(assignment)
consumer.setDefaultConsumeTimeout(100)
let bytes = 0
if (side === 'consume') await consumeAll()
else await produceAll()
// Disconnecting waits for seconds and measures nothing.
process.exit(0)

async function consumeAll() {
  let taken = 0
  let from
  let to
  while (taken < records) {
    for (const { size } of await call(consumer, 'consume', CONSUME)) {
      bytes += size
      taken++
    }
    if (from === undefined && taken >= records * FROM) from = { taken, ...now() }
    if (to === undefined && taken >= records * TO) to = { taken, ...now() }
  }
  print(taken, to.taken - from.taken, from, to)
}

async function produceAll() {
  const held = []
  while (held.length < records) held.push(...(await call(consumer, 'consume', CONSUME)))
  consumer.pause(assignment)
  const producer = new rdkafka.Producer({ ...target, dr_cb: true }, {})
  let delivered = 0
  producer.on('delivery-report', (error) => {
    if (error) throw new Error(`a record failed: ${error.message}`)
    delivered++
  })
  await call(producer, 'connect', { timeout: TIMEOUT_MS })
  const from = now()
  let sent = 0
  for (const { partition, value, key, timestamp, headers } of held) {
    bytes += value.length
    while (!produce(producer, partition, value, key, timestamp, headers)) {
      producer.poll()
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    if (++sent % CONSUME === 0) producer.poll()
  }
  while (delivered < held.length) {
    producer.poll()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  print(delivered, delivered, from, now())
}

function produce(producer, partition, value, key, timestamp, headers) {
  try {
    producer.produce(targetTopic, partition, value, key, timestamp, undefined, headers)
    return true
  } catch (error) {
    if (error.code === QUEUE_FULL) return false
    throw error
  }
}

function now() {
  const { user, system } = process.cpuUsage()
  return { seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 }
}

function print(count, measured, from, to) {
  const seconds = to.seconds - from.seconds
  const cpuSeconds = to.cpuSeconds - from.cpuSeconds
  const peakRssBytes = process.resourceUsage().maxRSS * 1024
  console.log(JSON.stringify({ records: count, bytes, measured, seconds, cpuSeconds, peakRssBytes }))
}

function call(object, method, ...args) {
  return new Promise((resolve, reject) => {
    object[method](...args, (error, value) => (error ? reject(error) : resolve(value)))
  })
}
