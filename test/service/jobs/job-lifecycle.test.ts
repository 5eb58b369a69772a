import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JobLifecycleState } from '../../../src/api/contract.ts'
import {
  actionsIn,
  isActive,
  isStill,
  type LifecycleEvent,
  nextState,
  TRANSITIONS
} from '../../../src/service/jobs/job-lifecycle.ts'

const STATES = Object.keys(TRANSITIONS) as JobLifecycleState[]
const EVENTS: readonly LifecycleEvent[] = [
  'edit',
  'submit',
  'start',
  'retry-authentication',
  'stop',
  'running',
  'paused',
  'degraded',
  'completed',
  'stopped',
  'failed',
  'authentication-refused',
  'restarting'
]

/** The states of a job that goes through these events; what can't happen doesn't. */
const walk = (events: readonly LifecycleEvent[]): [LifecycleEvent | undefined, JobLifecycleState][] => {
  const path: [LifecycleEvent | undefined, JobLifecycleState][] = [[undefined, 'DRAFT']]
  for (const event of events) {
    const next = nextState(path.at(-1)?.[1] ?? 'DRAFT', event)
    if (next !== undefined) path.push([event, next])
  }
  return path
}

const anyWalk = fc.array(fc.constantFrom(...EVENTS), { maxLength: 60 }).map(walk)

describe('the life cycle of a job', () => {
  it('runs nothing that was not submitted since its last draft', () => {
    fc.assert(
      fc.property(anyWalk, (path) => {
        let approved = false
        for (const [event, state] of path) {
          if (state === 'DRAFT') approved = false
          if (event === 'submit') approved = true
          if (isActive(state) || state === 'STOPPING') expect(approved).toBe(true)
        }
      })
    )
  })

  it('never leaves AUTH_FAILED but for somebody who asks', () => {
    const asked: readonly LifecycleEvent[] = ['edit', 'submit', 'start', 'retry-authentication']
    for (const event of EVENTS) if (!asked.includes(event)) expect(nextState('AUTH_FAILED', event)).toBeUndefined()
  })

  it('a job that is told to stop never runs again by itself', () => {
    for (const event of EVENTS) {
      const next = nextState('STOPPING', event)
      if (next !== undefined) expect(isActive(next)).toBe(false)
    }
  })

  it('every state can be reached, and left again by somebody or by what happens', () => {
    const reached = new Set(
      fc
        .sample(anyWalk, { numRuns: 3000, seed: 1 })
        .flat()
        .map(([, state]) => state)
    )
    expect([...reached].sort()).toEqual([...STATES].sort())
    for (const state of STATES) expect(new Set(Object.values(TRANSITIONS[state])).size).toBeGreaterThan(1)
  })

  it('an edit takes nothing that runs away, and starts nothing', () => {
    for (const state of STATES) {
      const next = nextState(state, 'edit')
      expect(next).toBe(state === 'SUBMITTED' ? 'DRAFT' : state)
    }
  })

  it('offers what can be done: deletion only of what stands still, pause only of what runs', () => {
    for (const state of STATES) {
      const actions = actionsIn(state, true)
      expect(actions.includes('delete')).toBe(isStill(state))
      expect(actions.includes('pause')).toBe(isActive(state) && state !== 'PAUSED')
      expect(actions.includes('resume')).toBe(isActive(state))
      for (const action of ['submit', 'start', 'retry-authentication', 'stop'] as const) {
        expect(actions.includes(action)).toBe(nextState(state, action) !== undefined)
      }
    }
  })

  it('is drawn in docs/service.md as it is', () => {
    const page = readFileSync(new URL('../../../docs/service.md', import.meta.url), 'utf8')
    const drawn = [...page.matchAll(/^ {4}(\w+) --> (\w+): (.*)$/gm)].flatMap(([, from, to, events = '']) =>
      events.split(', ').map((event) => `${from} ${event} ${to}`)
    )
    const all = STATES.flatMap((from) =>
      Object.entries(TRANSITIONS[from]).flatMap(([event, to]) => (from === to ? [] : [`${from} ${event} ${to}`]))
    )
    expect(drawn.sort()).toEqual(all.sort())
  })
})
