import type { Outcome } from './evaluate-rule.ts'

/** A rule and a job of which the condition holds, or did. */
export interface Watched {
  readonly state: 'pending' | 'firing'
  /** Since when the condition holds without a break. */
  readonly since: number
  /** When it was last seen to hold. */
  readonly heldAt: number
  readonly text: string
}

export type Change = 'none' | 'pending' | 'fired' | 'resolved' | 'dropped'

/** Who saw nothing for longer than this does not know whether the condition held all the time. */
const LONGEST_GAP_MS = 60_000

/**
 *     nothing ──held──▶ pending ──held for `forMs`──▶ firing ──not held, ended──▶ resolved
 *                          └──not held, ended──▶ dropped
 *
 * `unknown` changes nothing: it neither fires nor resolves, and time in which nothing is known does not count as held
 * when it is long. With `forMs` 0 the condition fires at once.
 */
export function nextAlarm(
  now: number,
  before: Watched | undefined,
  outcome: Outcome,
  forMs: number
): { readonly after: Watched | undefined; readonly change: Change } {
  if (outcome.is === 'unknown') return { after: before, change: 'none' }
  if (outcome.is !== 'held') {
    if (before === undefined) return { after: undefined, change: 'none' }
    return { after: undefined, change: before.state === 'firing' ? 'resolved' : 'dropped' }
  }
  const { text } = outcome
  if (before?.state === 'firing') return { after: { ...before, heldAt: now, text }, change: 'none' }
  // A clock that was set back says nothing about the time in between.
  const isUnbroken = before !== undefined && now >= before.heldAt && now - before.heldAt <= LONGEST_GAP_MS
  const since = isUnbroken ? before.since : now
  const isFiring = now - since >= forMs
  const after: Watched = { state: isFiring ? 'firing' : 'pending', since, heldAt: now, text }
  return { after, change: isFiring ? 'fired' : before === undefined ? 'pending' : 'none' }
}
