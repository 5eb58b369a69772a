import { readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeliveredRuns } from '../../model/offset-pairs.ts'
import { decodeBlock, encodePairs, findBlocks, sourceOf } from './pair-block.ts'
import { PAIRS_FOLDER } from './pair-files.ts'

/*
 * A worker whose supervisor does not answer, or is gone, leaves its pairs in a file of its own before it commits, and the
 * next supervisor takes them over. They name their partition and generation; which topics these are the tail knows.
 */

const LATE = /^late-\d+-\d+-\d+$/

/** Of one worker: a supervisor that never answers again must not fill the disk. */
const MOST_FILES = 1000

/** Written in this process. */
let written = 0

/** @param worker tells apart what several workers leave */
export async function writeLatePairs(
  stateDir: string,
  worker: number,
  delivered: readonly DeliveredRuns[]
): Promise<void> {
  if (written >= MOST_FILES) return
  const blocks = encodePairs(
    delivered.map(({ topic, partition, generation, runs }) => ({
      topics: { source: topic, target: '', sourceId: '', targetId: '' },
      partition,
      generation,
      forgotten: 0,
      runs
    }))
  )
  const name = `late-${worker}-${process.pid}-${written++}`
  await writeFile(join(stateDir, PAIRS_FOLDER, name), blocks, { mode: 0o600 })
}

/** What workers left, and in which files. */
export async function readLatePairs(
  folder: string
): Promise<{ readonly files: readonly string[]; readonly delivered: readonly DeliveredRuns[] }> {
  const files = (await readdir(folder)).filter((name) => LATE.test(name))
  const delivered: DeliveredRuns[] = []
  for (const name of files) {
    for (const block of findBlocks(await readFile(join(folder, name)))) {
      for (const of of decodeBlock(block)?.partitions ?? []) {
        delivered.push({ ...sourceOf(of), generation: of.generation, runs: of.runs })
      }
    }
  }
  return { files, delivered }
}

export async function deleteLatePairs(folder: string, files: readonly string[]): Promise<void> {
  for (const name of files) await unlink(join(folder, name))
}
