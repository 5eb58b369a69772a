import type { DigestIndex } from './digest-index.ts'
import type { DigestRing } from './digest-ring.ts'

/** How far ahead the target is searched for the place where both sides agree again. */
export const LOOKAHEAD = 1024
/** So many equal digests in a row are no accident. */
const SURE_RUN = 4
const LONGEST_RUN = 64
/** Places of one digest that are compared. */
const MOST_CANDIDATES = 8

export interface SidesToAlign {
  readonly source: DigestRing
  readonly index: DigestIndex
  /** The source records below were seen before. */
  readonly high: number
  readonly target: DigestRing
  readonly at: number
  /** There is nothing behind what the target's ring has. */
  readonly targetEnded: boolean
}

/** Where both sides agree again. */
export interface Agreement {
  /** Of the source. */
  readonly place: number
  /** Records of the target before it. */
  readonly skipped: number
  /** Equal digests in a row. */
  readonly run: number
  readonly isSure: boolean
}

/** The nearest spot of the target from which on it is like some part of the source; else the longest likeness. */
export function findAgreement(sides: SidesToAlign): Agreement | undefined {
  const { target, at, targetEnded } = sides
  const most = Math.min(LOOKAHEAD, target.end - at)
  let best: Agreement | undefined
  for (let skipped = 0; skipped < most; skipped++) {
    const found = longestRun(sides, at + skipped)
    if (found === undefined) continue
    const isSure = found.run >= SURE_RUN || (targetEnded && at + skipped + found.run === target.end)
    if (isSure) return { ...found, skipped, isSure }
    if (best === undefined || found.run > best.run) best = { ...found, skipped, isSure }
  }
  return best
}

/** The longest run of equal digests that begins with this record of the target; of equals the nearest one. */
function longestRun(
  { source, index, high, target }: SidesToAlign,
  at: number
): { readonly place: number; readonly run: number } | undefined {
  let best: { place: number; run: number } | undefined
  const distance = (place: number): number => Math.abs(place - high)
  const places = index.find(target, at).toSorted((a, b) => distance(a) - distance(b))
  for (const place of places.slice(0, MOST_CANDIDATES)) {
    const run = source.run(place, target, at, LONGEST_RUN)
    if (best === undefined || run > best.run) best = { place, run }
  }
  return best
}
