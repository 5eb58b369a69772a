import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProducer } from '../../src/client/create-clients.ts'
import { LateIdCluster } from '../helpers/late-id-cluster.ts'
import { clusterSettings, startMockCluster } from './librdkafka-cluster.ts'
import { pollBatches } from './poll-until.ts'
import type { ContractCluster } from './contract-cluster.ts'

/** librdkafka looks once a second whether a broker is needed, and the addon spares a partition every ten. */
const SOON_MS = 15_000
/** Long enough for all that waits to be taken for something that stands still. */
const WITHOUT_ID_MS = 2500

/**
 * A broker is connected when something is to be sent to it. What the addon pauses so that no core spins (a partition
 * whose request stands still) must not be something that waits for its broker: that would never be connected.
 */
describe('a target broker without a connection', () => {
  let source: ContractCluster
  let target: LateIdCluster
  beforeEach(async () => {
    source = await startMockCluster()
    target = await LateIdCluster.start()
  })
  afterEach(async () => {
    await target.stop()
    await source.stop()
  })

  it.each([
    ['', async () => Promise.resolve()],
    [', while a core is busy with something else', keepBusy]
  ])('gets one for records that have waited for the producer’s id%s', async (_, begin) => {
    const end = await begin()
    await source.createTopic('source', 4)
    for (const partition of [0, 1]) await source.append('source', partition, ['a', 'b', 'c'])
    const consumer = await source.consumer('group')
    consumer.assign([0, 1].map((partition) => ({ topic: 'source', partition, offset: 0 })))
    const batches = await pollBatches(consumer, 6)
    const producer = await createProducer({
      ...clusterSettings(target.bootstrapServers),
      queueMaxMessages: 1000,
      queueMaxKbytes: 1024
    })
    await producer.refresh(['copy'], 5000)
    let delivered = 0
    const sent = batches.map(async ({ partition, payload }) => {
      const settlement = await producer.send(payload, { topic: 'copy', partition, lane: partition })
      delivered += settlement.delivered
      payload.release()
    })
    await sleep(WITHOUT_ID_MS)
    expect(delivered).toBe(0)
    target.givesIds = true
    await expect.poll(() => delivered, { timeout: SOON_MS, interval: 50 }).toBe(6)
    await Promise.all(sent)
    await producer.close(1000)
    await consumer.close()
    await end?.()
  })
})

/** A thread that does nothing but spin, which looks like a client that waits for an answer and spins. */
async function keepBusy(): Promise<() => Promise<unknown>> {
  const worker = new Worker('for (;;) {}', { eval: true })
  await new Promise((resolve) => worker.once('online', resolve))
  return async () => await worker.terminate()
}
