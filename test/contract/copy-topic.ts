import type { BatchConsumer, BatchProducer } from '../../src/client/types.ts'
import type { Settlement } from '../../src/model/settlement.ts'
import { partitionName } from '../../src/model/topic-partition.ts'

const POLL_BYTES = 4_000_000
const POLL_MS = 200
const GIVE_UP_MS = 45_000

export interface Copied {
  readonly delivered: number
  readonly altered: number
  readonly failures: readonly Settlement[]
}

/** Copies a topic to the ends of its partitions through the ports, partition by partition the same. */
export async function copyTopic(
  consumer: BatchConsumer,
  producer: BatchProducer,
  source: string,
  target: string,
  partitions: number
): Promise<Copied> {
  await producer.refresh([target], 10_000)
  const open = new Set<string>()
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic: source, partition, offset: 0 }))
  for (const at of all) open.add(partitionName(at))
  consumer.assign(all)
  const sent: Promise<Settlement>[] = []
  const deadline = Date.now() + GIVE_UP_MS
  while (open.size > 0) {
    if (Date.now() > deadline) throw new Error(`not at the end: ${[...open].join(', ')}`)
    const { fetched, ends, errors } = await consumer.poll(POLL_BYTES, POLL_MS)
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    for (const { partition, payload } of fetched)
      sent.push(producer.send(payload, { topic: target, partition, lane: partition }))
    for (const end of ends) open.delete(partitionName(end))
  }
  const settlements = await Promise.all(sent)
  return {
    delivered: settlements.reduce((sum, { delivered }) => sum + delivered, 0),
    altered: settlements.reduce((sum, { altered }) => sum + altered, 0),
    failures: settlements.filter(({ failure }) => failure !== undefined)
  }
}
