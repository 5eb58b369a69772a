import { read } from 'node:fs'
import { promisify } from 'node:util'
import type { Segment } from './segments.ts'

/** A line without its line break. */
export interface Line {
  readonly text: string
  /** The byte that it begins at, and that at which the next one does. */
  readonly at: number
  readonly next: number
}

const CHUNK_BYTES = 64 * 1024
const LINE_BREAK = 0x0a
const NOTHING = Buffer.alloc(0)
const readAt = promisify(read)

/**
 * The lines that end before a byte, the last first, some at a time. What follows the last line break is no line: it is
 * being written, or was when its process was killed.
 */
export async function* linesBackwards(segment: Segment, end = segment.size): AsyncGenerator<readonly Line[]> {
  let from = end
  /** The first bytes of what was read, which belong to a line that begins before it. */
  let rest = NOTHING
  let isEnd = true
  while (from > 0) {
    const start = Math.max(0, from - CHUNK_BYTES)
    let bytes = Buffer.concat([await readBytes(segment, start, from - start), rest])
    from = start
    if (isEnd) {
      const last = bytes.lastIndexOf(LINE_BREAK)
      if (last < 0) continue
      bytes = bytes.subarray(0, last + 1)
      isEnd = false
    }
    const first = start === 0 ? 0 : bytes.indexOf(LINE_BREAK) + 1
    rest = bytes.subarray(0, first)
    if (first < bytes.length) yield cut(bytes.subarray(first), start + first).reverse()
  }
}

/** The beginning of what follows the last line break: what was written of a line that was cut short. */
export async function cutShort(segment: Segment): Promise<string> {
  let end = 0
  for await (const [last] of linesBackwards(segment)) {
    end = last?.next ?? 0
    break
  }
  const rest = await readBytes(segment, end, Math.min(CHUNK_BYTES, segment.size - end))
  return rest.toString().trimStart()
}

/** The lines from a byte on at which one begins, some at a time. */
export async function* linesForwards(segment: Segment, start = 0): AsyncGenerator<readonly Line[]> {
  let from = start
  let rest = NOTHING
  while (from < segment.size) {
    const read = await readBytes(segment, from, Math.min(CHUNK_BYTES, segment.size - from))
    // Shorter than it was: nobody does that to a log, and there is nothing to wait for.
    if (read.length === 0) return
    const bytes = Buffer.concat([rest, read])
    const begin = from - rest.length
    from += read.length
    const end = bytes.lastIndexOf(LINE_BREAK) + 1
    rest = bytes.subarray(end)
    if (end > 0) yield cut(bytes.subarray(0, end), begin)
  }
}

/** The byte at which the first line with this id or a later one begins; ids rise. Reads some lines, not the file. */
export async function seekId(segment: Segment, id: number): Promise<number> {
  let [low, high] = [0, segment.size]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const line = await firstLineFrom(segment, middle, high)
    if (line === undefined) high = middle
    else if (line.id < id) low = line.end
    else high = middle
  }
  return low
}

/** Undefined = not a line of ours. Ids are written first. */
export function idOf(line: string): number | undefined {
  const [, id] = /^\{"id":(\d+)[,}]/.exec(line) ?? []
  return id === undefined ? undefined : Number(id)
}

/** The first line with an id that begins at the byte or later, and before the other one. */
async function firstLineFrom(
  segment: Segment,
  byte: number,
  before: number
): Promise<{ readonly id: number; readonly end: number } | undefined> {
  // From the byte before, so that a line that begins exactly at the byte is seen to begin there.
  for await (const lines of linesForwards(segment, Math.max(0, byte - 1))) {
    for (const { text, at, next } of lines) {
      if (at < byte) continue
      if (at >= before) return undefined
      const id = idOf(text)
      if (id !== undefined) return { id, end: next }
    }
  }
  return undefined
}

function cut(bytes: Buffer, begin: number): Line[] {
  const lines: Line[] = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LINE_BREAK, at)
    if (end > at) lines.push({ text: bytes.toString('utf8', at, end), at: begin + at, next: begin + end + 1 })
    at = end + 1
  }
  return lines
}

async function readBytes({ fd }: Segment, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await readAt(fd, buffer, filled, length - filled, at + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}
