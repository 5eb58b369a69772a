import type { BatchConsumer } from '../client/types.ts'
import type { PartitionReader } from './partition-reader.ts'

/**
 * Reads the partition again from `offset`, between two polls. What the client returns before is outdated and dropped by
 * the source. Rejects when the seek fails while it is still wanted; a later rewind or the end of the reader overrules it.
 */
export async function rewindReader(
  consumer: BatchConsumer,
  reader: PartitionReader,
  offset: number,
  timeoutMs: number
): Promise<void> {
  const rewind = reader.beginRewind(offset)
  await reader.turns.take(async () => {
    if (!reader.isRewinding(rewind)) return
    try {
      await consumer.seek({ ...reader.source, offset }, timeoutMs)
    } catch (error) {
      if (reader.isRewinding(rewind)) throw error
    }
    reader.endRewind(rewind)
  })
}
