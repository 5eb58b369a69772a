// millrace's native part alone: batches from poll to send, without group, operators, commits or supervisor. What it
// costs beyond the C loop is the price of Node.js and the addon; what millrace costs beyond it, that of the pipeline.
import rdkafka from 'node-rdkafka'
import { loadAddon } from '../../../native/load.mjs'

const POLL_BYTES = 4 * 1024 * 1024
const POLL_TIMEOUT_MS = 100
const TIMEOUT_MS = 10_000

const { sourceTopic, targetTopic, inFlightBytes, recordOverheadBytes, source, target } = JSON.parse(process.argv[2])

const addon = loadAddon()
const consumer = new rdkafka.KafkaConsumer(source, {})
const producer = new rdkafka.Producer(target, {})
for (const client of [consumer, producer]) client.on('event.error', (error) => console.error(error.message))
const metadata = await call(consumer, 'connect', { timeout: TIMEOUT_MS })
await call(producer, 'connect', { timeout: TIMEOUT_MS })
const reader = addon.attachConsumer(consumer.getClient())
const writer = addon.attachProducer(producer.getClient())

const { partitions } = metadata.topics.find(({ name }) => name === sourceTopic)
let records = 0
const assignment = []
for (const { id } of partitions) {
  const { lowOffset, highOffset } = await call(consumer, 'queryWatermarkOffsets', sourceTopic, id, TIMEOUT_MS)
  records += highOffset - lowOffset
  assignment.push({ topic: sourceTopic, partition: id, offset: lowOffset })
}
consumer.assign(assignment)

let delivered = 0
let failed = 0
let inFlight = 0
let wake = () => {}
while (delivered + failed < records) {
  if (inFlight >= inFlightBytes) {
    await new Promise((resolve) => (wake = resolve))
    continue
  }
  const { batches, errors } = await call(reader, 'poll', POLL_BYTES, 1_000_000, POLL_TIMEOUT_MS)
  for (const { text } of errors) console.error(text)
  for (const batch of batches) send(batch)
}
console.log(JSON.stringify({ delivered, failed }))
process.exit(failed > 0 ? 1 : 0)

function send(batch) {
  const { partition, count } = batch
  const charge = batch.bytes + count * recordOverheadBytes
  inFlight += charge
  writer.send(batch, targetTopic, partition, partition, (error, result) => {
    if (error) throw error
    inFlight -= charge
    delivered += result.delivered
    failed += count - result.delivered
    wake()
  })
}

function call(object, method, ...args) {
  return new Promise((resolve, reject) => {
    object[method](...args, (error, value) => (error ? reject(error) : resolve(value)))
  })
}
