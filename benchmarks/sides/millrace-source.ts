import type { Observable } from 'rxjs'
import { createConsumer } from '../../src/client/create-clients.ts'
import type { BatchConsumer } from '../../src/client/types.ts'
import type { Batch } from '../../src/model/batch.ts'
import { batchSource, type BatchSourceOptions } from '../../src/source/batch-source.ts'
import { Demand } from '../../src/source/demand.ts'
import { Readers } from '../../src/source/readers.ts'
import { LimitClock } from '../../src/telemetry/metrics/limit-clock.ts'
import { millraceSettings } from '../peers/client-properties.ts'

/** As the worker has them. */
export const POLL_BYTES = 4 * 1024 * 1024
const OPTIONS: BatchSourceOptions = {
  pollBytes: POLL_BYTES,
  pollTimeoutMs: 100,
  maxHoldMs: 1000,
  pauseAfterMs: 5000,
  seekTimeoutMs: 30_000,
  targetIsFull: () => false,
  clock: new LimitClock(performance.now()),
  onHandedOut: () => undefined,
  onPartitionError: ({ text }) => fail(new Error(text)),
  onEnd: () => undefined
}

/** What the program was started with: JSON in its argument. */
export interface SideArguments {
  readonly source: string
  readonly target: string
  readonly sourceTopic: string
  readonly targetTopic: string
  readonly codec: 'none' | 'lz4' | 'zstd'
  readonly records: number
}

export function sideArguments(): SideArguments {
  return JSON.parse(process.argv[2] ?? '{}') as SideArguments
}

/**
 * millrace's source on a topic, from its first record: a member of a group of its own.
 *
 * @param inFlightBytes what may be handed out and not settled; as the worker has it unless given
 */
export async function millraceSource(
  { source, sourceTopic, codec }: SideArguments,
  inFlightBytes = millraceSettings({ codec }).inFlightBytes
): Promise<{ readonly consumer: BatchConsumer; readonly readers: Readers; readonly batches: Observable<Batch> }> {
  const settings = millraceSettings({ codec }).source
  const groupId = `bench-${process.pid}-${Date.now()}`
  const consumer = await createConsumer({ ...settings, bootstrapServers: source, groupId })
  const demand = new Demand(inFlightBytes)
  const readers = new Readers(demand)
  consumer.rebalances.subscribe(({ type, partitions }) => {
    if (type !== 'assign') fail(new Error('the group takes partitions away'))
    const positions = partitions.map((partition) => ({ ...partition, offset: 0 }))
    for (const position of positions) readers.add(position)
    consumer.assign(positions)
  })
  consumer.subscribe([sourceTopic])
  return { consumer, readers, batches: batchSource(consumer, readers, demand, OPTIONS) }
}

export function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}
