import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STUCK_CODES, stuckReason, type StuckFacts } from '../../../src/job/stuck/stuck-reason.ts'

const target = { topic: 'copy', partition: 3, leader: true, inSync: 3, minInSync: 2 }
const facts: StuckFacts = {
  isPaused: false,
  workersReady: true,
  inFlight: 0,
  behindTransaction: 0,
  limitedBy: 'source',
  source: { leader: true },
  target
}

describe('a partition without progress', () => {
  it.each<[string, Partial<StuckFacts>]>([
    ['MR_STUCK_PAUSED', { isPaused: true, inFlight: 5, target: { ...target, leader: false } }],
    ['MR_STUCK_WORKER', { workersReady: false, inFlight: 5 }],
    ['MR_STUCK_TARGET_LEADER', { target: { ...target, leader: false }, inFlight: 5 }],
    ['MR_STUCK_TARGET_ISR', { target: { ...target, inSync: 1 }, inFlight: 5 }],
    ['MR_STUCK_TARGET_ISR', { target: { ...target, inSync: 1 }, limitedBy: 'target' }],
    ['MR_STUCK_TARGET', { inFlight: 5, limitedBy: 'rate' }],
    ['MR_STUCK_TARGET', { limitedBy: 'target', target: undefined }],
    ['MR_STUCK_TRANSACTION', { behindTransaction: 9 }],
    ['MR_STUCK_SOURCE_LEADER', { source: { leader: false }, limitedBy: 'rate' }],
    ['MR_STUCK_RATE', { limitedBy: 'rate' }],
    // Few in-sync replicas are not to blame where nothing was sent.
    ['MR_STUCK_SOURCE', { target: { ...target, inSync: 1 } }],
    ['MR_STUCK_SOURCE', { source: undefined, target: undefined }]
  ])('has the reason %s', (code, some) => {
    expect(stuckReason({ ...facts, ...some }).code).toBe(code)
  })

  it('is told with names and figures', () => {
    expect(stuckReason({ ...facts, target: { ...target, inSync: 1 }, inFlight: 5 }).message).toBe(
      'Target partition copy-3 has 1 in-sync replicas, fewer than min.insync.replicas (2).'
    )
    expect(stuckReason({ ...facts, inFlight: 7, target: undefined }).message).toBe(
      'The target does not acknowledge: 7 offsets were sent and are not acknowledged, and the target does not say why.'
    )
    const any = { ...target, partition: undefined, leader: false }
    expect(stuckReason({ ...facts, target: any }).message).toBe('A partition of target topic copy has no leader.')
  })

  it('always has a reason that is known, and a next step', () => {
    const leader = fc.record({ leader: fc.boolean() })
    const any = fc.record({
      isPaused: fc.boolean(),
      workersReady: fc.boolean(),
      inFlight: fc.nat(5),
      behindTransaction: fc.nat(5),
      limitedBy: fc.constantFrom('source' as const, 'target', 'mirror', 'rate', 'idle'),
      source: fc.option(leader, { nil: undefined }),
      target: fc.option(
        fc.record({
          topic: fc.constant('copy'),
          partition: fc.option(fc.nat(3), { nil: undefined }),
          leader: fc.boolean(),
          inSync: fc.nat(3),
          minInSync: fc.option(fc.nat(3), { nil: undefined })
        }),
        { nil: undefined }
      )
    })
    fc.assert(
      fc.property(any, (some) => {
        const { code, message, next } = stuckReason(some)
        expect(STUCK_CODES).toContain(code)
        expect(message).toMatch(/\.$/)
        expect(next).toMatch(/\.$/)
      })
    )
  })
})
