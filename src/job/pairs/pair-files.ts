import { open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/*
 * stateDir/pairs/
 *   tail            the newest pairs: replaced as a whole
 *   00000017.runs   older ones, written once: blocks are appended until the file is full; the highest number is the newest
 */

export const PAIRS_FOLDER = 'pairs'
const TAIL = 'tail'
const NEW_TAIL = 'tail.new'
const SEGMENT = /^(\d{8})\.runs$/

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(8, '0')}.runs`)
}

/** Numbers of the segments that there are, ascending. */
export async function listSegments(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  return names
    .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)
}

/** Empty where there is none. */
export async function readTail(folder: string): Promise<Buffer> {
  return (await readIfThere(join(folder, TAIL))) ?? Buffer.alloc(0)
}

/** Undefined where it is gone: the oldest are deleted while others read. */
export async function readSegment(folder: string, number: number): Promise<Buffer | undefined> {
  return await readIfThere(segmentPath(folder, number))
}

export async function sizeOfSegment(folder: string, number: number): Promise<number> {
  return (await stat(segmentPath(folder, number))).size
}

/** The disk has it, or the old one. */
export async function writeTail(folder: string, bytes: Buffer): Promise<void> {
  const path = join(folder, NEW_TAIL)
  await writeSynced(path, 'w', bytes)
  await rename(path, join(folder, TAIL))
}

/** Returns the size of the segment. */
export async function appendToSegment(folder: string, number: number, bytes: Buffer): Promise<number> {
  return await writeSynced(segmentPath(folder, number), 'a', bytes)
}

export async function deleteSegment(folder: string, number: number): Promise<void> {
  await unlink(segmentPath(folder, number))
}

async function writeSynced(path: string, flags: 'w' | 'a', bytes: Buffer): Promise<number> {
  const file = await open(path, flags, 0o600)
  try {
    await file.writeFile(bytes)
    await file.datasync()
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
