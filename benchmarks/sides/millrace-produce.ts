// millrace's way from a batch to the target cluster. The whole source topic is held in memory first, in batches as the
// source hands them out; then they are sent, with as much in flight as in a worker.
import { Subject } from 'rxjs'
import { createProducer } from '../../src/client/create-clients.ts'
import { Batch } from '../../src/model/batch.ts'
import { batchSink } from '../../src/sink/batch-sink.ts'
import { FirstAlone } from '../../src/sink/first-alone.ts'
import { TargetLoad } from '../../src/sink/target-load.ts'
import { Demand } from '../../src/source/demand.ts'
import { millraceSettings } from '../peers/client-properties.ts'
import { fail, millraceSource, POLL_BYTES, sideArguments } from './millrace-source.ts'
import { now, print } from './side-report.ts'

const EVERYTHING = 64 * 1024 ** 3
const WAIT_MS = 100
const REFRESH_TIMEOUT_MS = 10_000

const args = sideArguments()
const { target, targetTopic, codec, records } = args
const settings = millraceSettings({ codec })
const producer = await createProducer({ ...settings.target, bootstrapServers: target })
await producer.refresh([targetTopic], REFRESH_TIMEOUT_MS)
const held = await holdAll()

const demand = new Demand(settings.inFlightBytes)
const firstAlone = new FirstAlone()
const source = new Subject<Batch>()
let delivered = 0
let bytes = 0
const began = now()
const all = new Promise<void>((resolve) => {
  const sink = batchSink({
    send: (payload, _source, target) => firstAlone.of(producer).send(payload, target),
    load: new TargetLoad(),
    laneOf: ({ partition }) => partition
  })
  source.pipe(sink).subscribe({
    next({ result, bytes: sent }) {
      if (result.failure !== undefined) fail(new Error(result.failure.name))
      delivered += result.delivered
      bytes += sent
      if (delivered >= records) resolve()
    },
    error: fail
  })
})
for (const batch of held) {
  while (!demand.isOpenFor(POLL_BYTES)) await demand.whenOpenFor(POLL_BYTES, WAIT_MS)
  const { charge, from, to, leaderEpoch, payload, times } = batch
  demand.charge(charge)
  const onSettled = (): void => demand.release(charge)
  const sent = Batch.create({ source: batch.source, from, to, leaderEpoch, payload, times, onSettled })
  source.next(sent.toTopic(targetTopic).toPartition(batch.source.partition))
}
await all
print({ records: delivered, bytes, measured: delivered }, began, now())
// Leaving the group waits for seconds and measures nothing.
process.exit(0)

async function holdAll(): Promise<readonly Batch[]> {
  const { consumer, readers, batches } = await millraceSource(args, EVERYTHING)
  const taken: Batch[] = []
  let count = 0
  await new Promise<void>((resolve) => {
    const subscription = batches.subscribe({
      next(batch) {
        taken.push(batch)
        count += batch.count
        if (count < records) return
        consumer.pause([...readers].map((reader) => reader.source))
        subscription.unsubscribe()
        resolve()
      },
      error: fail
    })
  })
  return taken.filter((batch) => batch.payload !== undefined)
}
