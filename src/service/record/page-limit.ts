import type { PageRequest } from '../service-port.ts'
import { badRequest } from '../service-errors.ts'

const DEFAULT = 100
const MOST = 1000

/** How many items a page may have. */
export function pageLimit({ limit }: Pick<PageRequest, 'limit'>): number {
  return Math.min(MOST, Math.max(1, Math.trunc(limit ?? DEFAULT)))
}

/** The id that a cursor says: those below it follow. */
export function cursorId({ cursor }: Pick<PageRequest, 'cursor'>): number | undefined {
  if (cursor === undefined) return undefined
  if (!/^\d{1,15}$/.test(cursor)) throw badCursor(cursor)
  return Number(cursor)
}

export function badCursor(cursor: string): Error {
  return badRequest(`"${cursor.slice(0, 40)}" is no cursor of this list.`, 'Send `nextCursor` of the page before.')
}
