import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/service/alarms/evaluate-rule.ts'
import { type Change, nextAlarm, type Watched } from '../../../src/service/alarms/next-alarm.ts'

const held: Outcome = { is: 'held', text: 'high' }
const not: Outcome = { is: 'not held', text: 'low' }
const unknown: Outcome = { is: 'unknown' }
const ended: Outcome = { is: 'ended', text: 'gone' }
const BY_LETTER: Readonly<Record<string, Outcome>> = { h: held, n: not, '?': unknown, e: ended }

/** What becomes of a row of outcomes, one each five seconds. */
function changes(row: string, forSeconds: number): Change[] {
  let before: Watched | undefined
  return [...row].map((letter, n) => {
    const { after, change } = nextAlarm(n * 5000, before, BY_LETTER[letter] ?? not, forSeconds * 1000)
    before = after
    return change
  })
}

describe('an alarm', () => {
  it('fires when its condition held for as long as the rule says, and is resolved when it does not any more', () => {
    expect(changes('nhhhhn', 10)).toEqual(['none', 'pending', 'none', 'fired', 'none', 'resolved'])
  })

  it('fires at once without a duration', () => expect(changes('hn', 0)).toEqual(['fired', 'resolved']))

  it('begins anew after a moment in which the condition does not hold', () => {
    expect(changes('hhnhhh', 10)).toEqual(['pending', 'none', 'dropped', 'pending', 'none', 'fired'])
  })

  it('does not fire, and is not resolved, because nothing is known', () => {
    expect(changes('hh?????', 10)).not.toContain('fired')
    expect(changes('hhh?????????', 10)).not.toContain('resolved')
    expect(changes('hh?h', 10)).toEqual(['pending', 'none', 'none', 'fired'])
  })

  it('does not count a long time in which nothing was known as held', () => {
    expect(changes(`hh${'?'.repeat(20)}hhh`, 60)).not.toContain('fired')
  })

  it('is resolved when there is nothing to measure any more', () => expect(changes('he', 0)[1]).toBe('resolved'))

  it('begins anew when the clock was set back', () => {
    const before: Watched = { state: 'pending', since: 50_000, heldAt: 60_000, text: '' }
    expect(nextAlarm(1000, before, held, 5000).after).toMatchObject({ state: 'pending', since: 1000 })
  })

  it('keeps its rules whatever happens, with any clock', () => {
    const step = fc.record({ letter: fc.constantFrom('h', 'n', '?', 'e'), ms: fc.integer({ min: 0, max: 90_000 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 200_000 }), (steps, forMs) => {
        let before: Watched | undefined
        let now = 0
        /** Since when it was held, by the rules of the test alone. */
        let since: number | undefined
        let heldAt = 0
        let isFiring = false
        for (const { letter, ms } of steps) {
          now += ms
          const { after, change } = nextAlarm(now, before, BY_LETTER[letter] ?? not, forMs)
          if (letter === 'h') {
            if (since === undefined || (!isFiring && now - heldAt > 60_000)) since = now
            heldAt = now
            const fires: boolean = !isFiring && now - since >= forMs
            expect(change === 'fired').toBe(fires)
            isFiring ||= fires
            expect(after?.state).toBe(isFiring ? 'firing' : 'pending')
            expect(after?.since).toBe(since)
          } else if (letter === '?') {
            expect({ after, change }).toEqual({ after: before, change: 'none' })
          } else {
            expect(change).toBe(isFiring ? 'resolved' : before === undefined ? 'none' : 'dropped')
            expect(after).toBeUndefined()
            since = undefined
            isFiring = false
          }
          before = after
        }
      })
    )
  })
})
