import type { Precondition } from '../../service/service-port.ts'
import { MillraceError } from '../../model/millrace-error.ts'
import { preconditionFailed, preconditionRequired, wrongRequest } from './api-errors.ts'

export interface EditCondition extends Precondition {
  /** Nothing was there, so far as is known. */
  readonly isNew: boolean
}

export function entityTag(revision: number): string {
  return `"${revision}"`
}

/**
 * Which state of an object an edit is meant for, by RFC 9110: If-Match has what was read, If-None-Match: * makes a new
 * one. A PUT that says neither may make an object; over one that is there it is refused, so that nobody's change is
 * lost unseen.
 *
 * @param revision of what is there; rejects with MR_SERVICE_NOT_FOUND when there is nothing
 */
export async function readPrecondition(
  headers: Headers,
  edit: 'replace' | 'remove',
  what: string,
  revision: () => Promise<number>
): Promise<EditCondition> {
  const match = headers.get('if-match')
  const noneMatch = headers.get('if-none-match')
  if (noneMatch !== null) {
    if (noneMatch.trim() !== '*' || match !== null || edit === 'remove') {
      throw wrongHeader('If-None-Match', 'can only be * here, to make something that is not there, without If-Match')
    }
    if ((await revisionOrNone(revision)) !== undefined) throw preconditionFailed(`${what} is there already.`)
    return { ifNew: true, isNew: true }
  }
  if (match === null && edit === 'remove') return { isNew: false }
  const current = await revisionOrNone(revision)
  if (match === null) {
    if (current !== undefined) throw preconditionRequired(what)
    return { ifNew: true, isNew: true }
  }
  if (current === undefined) throw preconditionFailed(`${what} is not there.`)
  const wanted = readTags(match)
  if (wanted === 'any') return { ifRevision: current, isNew: false }
  if (!wanted.includes(current)) {
    throw preconditionFailed(`${what} has changed: its ETag is ${entityTag(current)} now.`)
  }
  return { ifRevision: current, isNew: false }
}

/** A weak tag, or one that is not ours, matches nothing. */
function readTags(header: string): 'any' | readonly number[] {
  if (header.trim() === '*') return 'any'
  return header.split(',').flatMap((tag) => {
    const digits = /^"(\d{1,15})"$/.exec(tag.trim())?.[1]
    return digits === undefined ? [] : [Number(digits)]
  })
}

async function revisionOrNone(revision: () => Promise<number>): Promise<number | undefined> {
  try {
    return await revision()
  } catch (error) {
    if (error instanceof MillraceError && error.code === 'MR_SERVICE_NOT_FOUND') return undefined
    throw error
  }
}

function wrongHeader(name: string, message: string): Error {
  return wrongRequest([{ where: name, option: '', message }])
}
