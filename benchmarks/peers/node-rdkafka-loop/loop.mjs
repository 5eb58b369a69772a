// The loop that everybody writes first: consume some, produce each, poll. Reads a JSON of settings from its argument.
import rdkafka from 'node-rdkafka'

const CONSUME = 1000
const QUEUE_FULL = rdkafka.CODES.ERRORS.ERR__QUEUE_FULL
const TIMEOUT_MS = 10_000

const { sourceTopic, targetTopic, source, target } = JSON.parse(process.argv[2])

const producer = new rdkafka.Producer({ ...target, dr_cb: true }, {})
const consumer = new rdkafka.KafkaConsumer(source, {})
let delivered = 0
let failed = 0
producer.on('delivery-report', (error) => {
  if (error) failed++
  else delivered++
})
consumer.on('event.error', (error) => console.error(error.message))

await connect(producer)
const metadata = await connect(consumer)
const { partitions } = metadata.topics.find(({ name }) => name === sourceTopic)
let records = 0
const assignment = []
for (const { id } of partitions) {
  const { lowOffset, highOffset } = await watermarks(id)
  records += highOffset - lowOffset
  assignment.push({ topic: sourceTopic, partition: id, offset: lowOffset })
}
consumer.assign(assignment)
consumer.setDefaultConsumeTimeout(100)

let enqueued = 0
while (enqueued < records) {
  for (const { partition, value, key, timestamp, headers } of await consume()) {
    while (!produce(partition, value, key, timestamp, headers)) {
      producer.poll()
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    enqueued++
  }
  producer.poll()
}
while (delivered + failed < records) {
  producer.poll()
  await new Promise((resolve) => setTimeout(resolve, 5))
}
console.log(JSON.stringify({ delivered, failed }))
// Disconnecting waits for seconds and copies nothing.
process.exit(failed > 0 ? 1 : 0)

function produce(partition, value, key, timestamp, headers) {
  try {
    producer.produce(targetTopic, partition, value, key, timestamp, undefined, headers)
    return true
  } catch (error) {
    if (error.code === QUEUE_FULL) return false
    throw error
  }
}

function consume() {
  return new Promise((resolve, reject) => {
    consumer.consume(CONSUME, (error, messages) => (error ? reject(error) : resolve(messages)))
  })
}

function watermarks(partition) {
  return new Promise((resolve, reject) => {
    consumer.queryWatermarkOffsets(sourceTopic, partition, TIMEOUT_MS, (error, offsets) => {
      if (error) reject(error)
      else resolve(offsets)
    })
  })
}

function connect(client) {
  return new Promise((resolve, reject) => {
    client.connect({ timeout: TIMEOUT_MS }, (error, metadata) => (error ? reject(error) : resolve(metadata)))
  })
}
