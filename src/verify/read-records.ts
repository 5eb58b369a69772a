import type { BatchConsumer } from '../client/types.ts'
import type { RecordView } from '../model/batch.ts'
import type { PartitionOffset } from '../model/topic-partition.ts'

const POLL_MS = 100
const PATIENCE_MS = 10_000

/** Reads single records, one after the other: for the few that differ. Nothing else may be assigned meanwhile. */
export async function readRecord(
  consumer: BatchConsumer,
  at: PartitionOffset,
  signal: AbortSignal
): Promise<RecordView | undefined> {
  const deadline = performance.now() + PATIENCE_MS
  consumer.assign([at])
  try {
    while (performance.now() < deadline) {
      signal.throwIfAborted()
      const { fetched, errors } = await consumer.poll(1, POLL_MS)
      let found: RecordView | undefined
      for (const { topic, partition, payload } of fetched) {
        if (topic === at.topic && partition === at.partition && payload.firstOffset >= at.offset) {
          found ??= payload.records()[0]
        }
        payload.release()
      }
      if (found !== undefined) return found.offset === at.offset ? found : undefined
      if (errors.some(({ retriable }) => !retriable)) return undefined
    }
    return undefined
  } finally {
    consumer.unassign([at])
  }
}
