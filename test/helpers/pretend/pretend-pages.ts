import type { Page } from '../../../src/api/contract.ts'
import type { Precondition } from '../../../src/service/service-port.ts'
import type { PageRequest } from '../../../src/service/service-port.ts'
import { conflict, wrong } from './pretend-errors.ts'

/** A cursor is the position. */
export function pageOf<T>(all: readonly T[], { cursor, limit = 100 }: PageRequest): Page<T> {
  const from = cursor === undefined ? 0 : Number(/^at-(\d{1,9})$/.exec(cursor)?.[1] ?? Number.NaN)
  if (!Number.isSafeInteger(from)) throw wrong('The cursor is none of this list.', 'Begin without a cursor.')
  const to = from + limit
  return { items: all.slice(from, to), total: all.length, nextCursor: to < all.length ? `at-${to}` : null }
}

export function contains(text: string, search: string | undefined): boolean {
  return search === undefined || text.toLowerCase().includes(search.toLowerCase())
}

export function checkPrecondition(what: string, revision: number | undefined, on: Precondition): void {
  if (on.ifNew === true && revision !== undefined) throw conflict(`${what} is there already.`)
  if (on.ifRevision !== undefined && on.ifRevision !== revision) {
    throw conflict(`${what} has changed since revision ${on.ifRevision}.`)
  }
}

/** Looks random, is the same at every call: 0 to 1. */
export function noise(...numbers: readonly number[]): number {
  let x = 0x9e3779b9
  for (const number of numbers) {
    x = Math.imul(x ^ Math.floor(number), 0x85ebca6b)
    x ^= x >>> 13
    x = Math.imul(x, 0xc2b2ae35)
    x ^= x >>> 16
  }
  return (x >>> 0) / 2 ** 32
}
