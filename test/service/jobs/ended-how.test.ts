import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JobEnd } from '../../../src/service/process/job-messages.ts'
import { endedHow, type EndedProcess } from '../../../src/service/jobs/ended-how.ts'
import { restartDelay } from '../../../src/service/jobs/failover-policy.ts'

const limit = { most: 3, windowMinutes: 10 }
const MINUTE = 60_000

const ended = (more: Partial<EndedProcess>): EndedProcess => ({
  now: 1_000_000,
  state: 'RUNNING',
  end: undefined,
  why: 'SIGKILL',
  killed: false,
  failovers: [],
  limit,
  occupiedSince: undefined,
  ...more
})
const failed = (kind: NonNullable<JobEnd['error']>['kind'], code = 'MR_X'): JobEnd => ({
  state: 'FAILED',
  error: { code, kind, message: 'It broke.', place: {} }
})

describe('what becomes of a job whose process has ended', () => {
  it('one that crashed starts again, later each time, until it was too often within the window', () => {
    const delays: (number | undefined)[] = []
    let failovers: readonly number[] = []
    for (let n = 0; n < 5; n++) {
      const how = endedHow(ended({ now: 1_000_000 + n * 1000, failovers }))
      delays.push(how.event === 'restarting' ? how.delayMs : undefined)
      failovers = how.failovers ?? failovers
    }
    expect(delays).toEqual([1000, 2000, 4000, undefined, undefined])
    expect(endedHow(ended({ now: 1_000_000 + 11 * MINUTE, failovers }))).toMatchObject({
      event: 'restarting',
      delayMs: 1000
    })
  })

  it.each(['configuration', 'refused', 'authorisation'] as const)('%s is failed at once', (kind) => {
    expect(endedHow(ended({ end: failed(kind) }))).toMatchObject({ event: 'failed', reason: { code: 'MR_X' } })
  })

  it.each(['retry', 'client', 'internal', 'partition'] as const)('%s is tried again', (kind) => {
    expect(endedHow(ended({ end: failed(kind) }))).toMatchObject({ event: 'restarting', reason: { code: 'MR_X' } })
  })

  it('refused credentials are never tried again', () => {
    const end: JobEnd = { ...failed('authentication'), state: 'AUTH_FAILED' }
    fc.assert(
      fc.property(fc.constantFrom('STARTING', 'RUNNING', 'PAUSED', 'DEGRADED', 'STOPPING' as const), (state) => {
        expect(endedHow(ended({ end, state })).event).toBe('authentication-refused')
      })
    )
  })

  it('one that was told to stop starts never again, however it ends', () => {
    const ends = [
      undefined,
      failed('retry'),
      { state: 'STOPPED', error: null } as const,
      { state: 'COMPLETED', error: null } as const
    ]
    const how = ends.map((end) => endedHow(ended({ state: 'STOPPING', end })))
    expect(how.map(({ event }) => event)).toEqual(['failed', 'failed', 'stopped', 'completed'])
    expect(how[0]?.reason?.next).toContain('not started again by itself')
    expect(endedHow(ended({ state: 'STOPPING', killed: true })).event).toBe('stopped')
  })

  it('one that ended although nobody stopped it starts again', () => {
    expect(endedHow(ended({ end: { state: 'STOPPED', error: null } }))).toMatchObject({
      event: 'restarting',
      reason: { code: 'MR_SERVICE_JOB_CRASHED' }
    })
  })

  it('waits three minutes for another process to let go, without counting it', () => {
    const end = failed('refused', 'MR_JOB_RUNNING')
    const first = endedHow(ended({ end }))
    expect(first).toMatchObject({ event: 'restarting', failovers: [], occupiedSince: 1_000_000 })
    expect(endedHow(ended({ end, now: 1_000_000 + 2 * MINUTE, occupiedSince: 1_000_000 })).event).toBe('restarting')
    expect(endedHow(ended({ end, now: 1_000_000 + 4 * MINUTE, occupiedSince: 1_000_000 })).event).toBe('failed')
  })

  it('the delay is bounded, and its limit holds for any history', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e7 })), fc.integer({ min: 1, max: 50 }), (ends, most) => {
        const delay = restartDelay([...ends, 1e7], { most, windowMinutes: 60 }, 1e7)
        const counted = ends.filter((end) => 1e7 - end < 60 * MINUTE).length + 1
        expect(delay === undefined).toBe(counted > most)
        if (delay !== undefined) expect(delay).toBeLessThanOrEqual(120_000)
      })
    )
  })
})
