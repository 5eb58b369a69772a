import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSourceLoss, topicDeleted, type CopiedSoFar, type LogView } from '../../src/control/find-source-loss.ts'

const at = { topic: 'orders', partition: 3 }
const before = { logStart: 10, end: 20 }
const copied: CopiedSoFar = { ...at, position: 15, topicId: 'A', before, mayHaveFetched: false }
const now: LogView = { ...before, topicId: 'A' }

describe('a loss at the source', () => {
  it.each<[string, Partial<CopiedSoFar>, Partial<LogView>, object]>([
    ['retention overtook the position', {}, { logStart: 18 }, { kind: 'overtaken', lost: { from: 15, to: 18 } }],
    ['all was deleted', {}, { logStart: 20 }, { kind: 'overtaken', lost: { from: 15, to: 20 } }],
    ['the log ends below the position', {}, { end: 12 }, { kind: 'truncated', lost: { from: 15, to: 20 } }],
    ['the log lost its uncopied end', {}, { end: 17 }, { kind: 'truncated', lost: { from: 17, to: 20 } }],
    ['another id, shorter', {}, { logStart: 0, end: 3, topicId: 'B' }, { kind: 'remade', lost: { from: 15, to: 20 } }],
    ['another id, longer', {}, { logStart: 0, end: 99, topicId: 'B' }, { kind: 'remade' }],
    ['no ids, but a log start that went back', { topicId: undefined }, { logStart: 0, end: 99 }, { kind: 'remade' }],
    ['no ids, longer', { topicId: undefined, sinceLook: { expected: 20, found: 0 } }, { end: 99 }, { kind: 'remade' }],
    ['no ids, shorter', { topicId: undefined, before: undefined }, { logStart: 0, end: 3 }, { kind: 'truncated' }]
  ])('%s', (_, known, seen, found) => {
    expect(findSourceLoss({ ...copied, ...known }, { ...now, ...seen })).toMatchObject(found)
  })

  it('is none as long as records behind the position may have been fetched before they were deleted', () => {
    expect(findSourceLoss({ ...copied, mayHaveFetched: true }, { ...now, logStart: 18 })).toBeUndefined()
  })

  it('names what a deleted topic still had', () => {
    expect(topicDeleted(copied)).toMatchObject({ kind: 'deleted', lost: { from: 15, to: 20 } })
    expect(topicDeleted({ ...copied, position: 20 })).not.toHaveProperty('lost')
  })

  it('is never found in a log that only grew and lost what was copied', () => {
    const log = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50))
    fc.assert(
      fc.property(
        log,
        fc.boolean(),
        fc.nat(50),
        ([start, deleted, toPosition, toEnd, grown], mayHaveFetched, later) => {
          const position = start + deleted + toPosition
          const end = position + toEnd
          const known = {
            ...at,
            position,
            topicId: 'A',
            before: { logStart: start, end },
            mayHaveFetched,
            sinceLook: { expected: end, found: later < grown ? end + later : undefined }
          }
          const view = { logStart: start + deleted, end: end + grown, topicId: 'A' }
          expect(findSourceLoss(known, view)).toBeUndefined()
        }
      )
    )
  })

  it('names exactly the offsets that can be copied no more', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 50 }), fc.nat(50), (position, overtaken, left) => {
        const view = { logStart: position + overtaken, end: position + overtaken + left }
        expect(findSourceLoss({ ...at, position, mayHaveFetched: false }, view)?.lost).toEqual({
          from: position,
          to: position + overtaken
        })
      })
    )
  })
})
