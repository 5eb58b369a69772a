import type { Checkpoints } from '../checkpoint/checkpoints.ts'
import type { PartitionReader } from '../source/partition-reader.ts'
import type { MayRepeat } from './types.ts'

/**
 * Stops these readers and waits until what they have in flight is settled, at most `timeoutMs`. Returns what was sent
 * and is not known to be delivered at the deadline.
 */
export async function drainReaders(
  readers: readonly PartitionReader[],
  checkpoints: Checkpoints,
  timeoutMs: number
): Promise<MayRepeat[]> {
  for (const reader of readers) reader.end('stopped')
  const idle = await Promise.all(readers.map(async (reader) => await reader.whenIdle(timeoutMs)))
  const mayRepeat: MayRepeat[] = []
  for (const [index, reader] of readers.entries()) {
    if (idle[index] === true) continue
    const from = checkpoints.of(reader.source)
    if (from !== undefined && from < reader.position) mayRepeat.push({ ...reader.source, from, to: reader.position })
  }
  return mayRepeat
}
