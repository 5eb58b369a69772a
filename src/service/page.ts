import type { Page } from '../api/contract.ts'
import type { PageRequest, Precondition } from './service-port.ts'
import { badRequest, conflict } from './service-errors.ts'

const DEFAULT_LIMIT = 100
const MOST = 1000

/**
 * A page of a list by the keys of its items, each of which is there once. The cursor names the last item of the page
 * before; when that one is gone, the page begins at the place that it had.
 */
export function pageOf<T>(
  items: readonly T[],
  { cursor, limit = DEFAULT_LIMIT }: PageRequest,
  keyOf: (item: T) => string
): Page<T> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw badRequest(`limit is ${limit}.`, `Ask for 1 to ${MOST} items.`)
  const { key, index } = cursor === undefined ? { key: undefined, index: 0 } : readCursor(cursor)
  const last = key === undefined ? -1 : items.findIndex((item) => keyOf(item) === key)
  const begin = key === undefined ? 0 : last >= 0 ? last + 1 : Math.min(index, items.length)
  const page = items.slice(begin, begin + limit)
  const end = begin + page.length
  const ending = page.at(-1)
  return {
    items: page,
    total: items.length,
    nextCursor: ending === undefined || end >= items.length ? null : writeCursor(keyOf(ending), end)
  }
}

function writeCursor(key: string, index: number): string {
  return Buffer.from(JSON.stringify([key, index])).toString('base64url')
}

function readCursor(cursor: string): { readonly key: string; readonly index: number } {
  try {
    const [key, index] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [unknown, unknown]
    if (typeof key === 'string' && Number.isSafeInteger(index) && (index as number) >= 0)
      return { key, index: index as number }
  } catch {
    // Said below.
  }
  throw badRequest('The cursor is none that a page has given.', 'Begin without a cursor.')
}

/** Throws MR_SERVICE_CONFLICT when the object is not in the state that a change is meant for. */
export function checkPrecondition(
  what: string,
  revision: number | undefined,
  { ifRevision, ifNew }: Precondition
): void {
  if (ifNew === true && revision !== undefined) {
    throw conflict(`There is a ${what} already.`, 'Choose another name, or change the one that is there.')
  }
  if (ifRevision !== undefined && ifRevision !== revision) {
    const now = revision === undefined ? 'there is none' : `it is at revision ${revision}`
    throw conflict(
      `The change is meant for revision ${ifRevision} of ${what}, and ${now}.`,
      'Read it again, and make the change anew.'
    )
  }
}
