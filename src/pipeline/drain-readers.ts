import type { Checkpoints } from '../checkpoint/checkpoints.ts'
import type { MayRepeat } from '../model/may-repeat.ts'
import type { PartitionReader } from '../source/partition-reader.ts'
import type { CopyRanges } from './copy-ranges.ts'

/** Stops these readers and waits until what they have in flight is settled, at most `timeoutMs`. */
export async function drainReaders(readers: readonly PartitionReader[], timeoutMs: number): Promise<void> {
  for (const reader of readers) reader.end('stopped')
  await Promise.all(readers.map(async (reader) => await reader.whenIdle(timeoutMs)))
}

/**
 * What was sent and is not committed, after the drain and the last commit: whoever goes on copies it again, if it is
 * at the target already.
 */
export function uncommittedOf(
  readers: readonly PartitionReader[],
  checkpoints: Checkpoints,
  ranges: CopyRanges
): MayRepeat[] {
  const mayRepeat: MayRepeat[] = []
  for (const { source, start, position } of readers) {
    const from = Math.max(start, checkpoints.committedOf(source) ?? position)
    const to = Math.min(position, ranges.rangeOf(source).to)
    if (from < to) mayRepeat.push({ ...source, from, to })
  }
  return mayRepeat
}
