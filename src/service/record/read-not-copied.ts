import { join } from 'node:path'
import type { NotCopied, Page } from '../../api/contract.ts'
import type { AuditEntry } from '../../model/audit-entry.ts'
import { partitionName } from '../../model/topic-partition.ts'
import type { PageRequest } from '../service-port.ts'
import { badCursor, pageLimit } from './page-limit.ts'
import { linesBackwards } from './read-lines.ts'
import { closeSegments, openSegments } from './segments.ts'

/**
 * A page of a job's audit trail, the newest first, read from its end: the trail may have gigabytes. The job's process
 * writes and rotates it meanwhile, so a cursor names the file by its inode and the byte at which the last line began.
 */
export async function readNotCopied(stateDirectory: string, request: PageRequest): Promise<Page<NotCopied>> {
  const segments = openSegments(join(stateDirectory, 'audit.jsonl'))
  try {
    const cursor = parseCursor(request.cursor)
    const begin = cursor === undefined ? 0 : segments.findIndex(({ inode }) => inode === cursor.inode)
    // A file that was deleted since was the oldest: nothing is behind it.
    const wanted = begin < 0 ? [] : segments.slice(begin)
    const limit = pageLimit(request)
    const items: NotCopied[] = []
    for (const [n, segment] of wanted.entries()) {
      const end = n === 0 && cursor !== undefined ? Math.min(cursor.byte, segment.size) : segment.size
      for await (const lines of linesBackwards(segment, end)) {
        for (const { text, at } of lines) {
          const row = rowOf(text)
          if (row === undefined) continue
          items.push(row)
          if (items.length < limit) continue
          const isLast = at === 0 && n === wanted.length - 1
          return { items, total: null, nextCursor: isLast ? null : `${segment.inode}-${at}` }
        }
      }
    }
    return { items, total: request.cursor === undefined ? items.length : null, nextCursor: null }
  } finally {
    closeSegments(segments)
  }
}

function parseCursor(cursor: string | undefined): { readonly inode: number; readonly byte: number } | undefined {
  if (cursor === undefined) return undefined
  const [, inode, byte] = /^(\d{1,15})-(\d{1,15})$/.exec(cursor) ?? []
  if (inode === undefined || byte === undefined) throw badCursor(cursor)
  return { inode: Number(inode), byte: Number(byte) }
}

/** Undefined = no line of an audit trail, such as one that was cut short. */
function rowOf(line: string): NotCopied | undefined {
  let entry: AuditEntry
  try {
    entry = JSON.parse(line) as AuditEntry
    const { time, source, count, target, reason, policy, deadLetter } = entry
    return {
      at: Date.parse(time),
      topic: source.topic,
      partition: source.partition,
      offset: source.offset,
      count,
      target: partitionName(target),
      code: reason,
      reason: WHY[policy](reason),
      policy,
      deadLetter:
        deadLetter === undefined
          ? null
          : 'file' in deadLetter
            ? deadLetter.file
            : `${partitionName(deadLetter)}@${deadLetter.offset}`
    }
  } catch {
    return undefined
  }
}

const WHY: Readonly<Record<AuditEntry['policy'], (reason: string) => string>> = {
  'dead-letter': (reason) => `The target refused it (${reason}); it became a dead letter.`,
  skip: (reason) => `The target refused it (${reason}); it was skipped.`,
  altered: (reason) => `It was delivered, but stamped with the time of copying (${reason}).`
}
