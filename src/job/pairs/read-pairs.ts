import { join } from 'node:path'
import { setImmediate as letOthersGo } from 'node:timers/promises'
import { decodeBlock, findBlocks, type PairedPartition } from './pair-block.ts'
import * as files from './pair-files.ts'

export interface ReadPairsOptions {
  /** About so many at most: the newest. */
  readonly mostRuns?: number
}

/**
 * Shows the offset pairs of a job, the oldest first, also while it runs. A run that was being moved may be shown twice;
 * the last one of a partition in the newest generation is shown last. Returns whether some were left out for `mostRuns`.
 */
export async function readPairs(
  stateDir: string,
  visit: (pairs: PairedPartition) => void,
  { mostRuns = Number.POSITIVE_INFINITY }: ReadPairsOptions = {}
): Promise<boolean> {
  const folder = join(stateDir, files.PAIRS_FOLDER)
  // First: what goes from the tail to a segment meanwhile is seen twice, not never.
  const tail = await files.readTail(folder)
  const segments = await files.listSegments(folder).catch(() => [])
  const chosen = await newest(folder, segments, mostRuns - runsOf(tail))
  for (const number of chosen) await show((await files.readSegment(folder, number)) ?? Buffer.alloc(0), visit)
  await show(tail, visit)
  return chosen.length < segments.length
}

/** The newest segments that have so many runs. */
async function newest(folder: string, segments: readonly number[], mostRuns: number): Promise<readonly number[]> {
  if (mostRuns === Number.POSITIVE_INFINITY) return segments
  let left = mostRuns
  let first = segments.length
  for (let index = segments.length - 1; index >= 0; index--) {
    left -= runsOf((await files.readSegment(folder, segments[index] ?? 0)) ?? Buffer.alloc(0))
    if (left < 0) break
    first = index
  }
  return segments.slice(first)
}

function runsOf(file: Buffer): number {
  let runs = 0
  for (const block of findBlocks(file)) runs += block.runs
  return runs
}

async function show(file: Buffer, visit: (pairs: PairedPartition) => void): Promise<void> {
  for (const block of findBlocks(file)) {
    for (const pairs of decodeBlock(block)?.partitions ?? []) visit(pairs)
    await letOthersGo()
  }
}
