import type { BatchConsumer } from '../client/types.ts'
import type { PartitionReader } from './partition-reader.ts'

/**
 * Reads the partition again from `offset`. What the client returns until the seek is done is outdated and dropped by
 * the source. Rejects when the seek fails while the partition is still wanted.
 */
export async function rewindReader(
  consumer: BatchConsumer,
  reader: PartitionReader,
  offset: number,
  timeoutMs: number
): Promise<void> {
  const rewind = reader.beginRewind(offset)
  try {
    await reader.inTurn(async () => {
      if (reader.isRewinding(rewind)) await consumer.seek({ ...reader.source, offset }, timeoutMs)
    })
  } catch (error) {
    if (reader.isRewinding(rewind)) throw error
  }
  reader.endRewind(rewind)
}
