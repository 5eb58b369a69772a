import { describe, expect, it } from 'vitest'
import { findTargetLoss, targetDeleted } from '../../src/control/find-target-loss.ts'

const delivered = { topic: 'copy', partition: 1, offset: 100, topicId: 'A' }

describe('a loss at the target', () => {
  it('is an end below what was acknowledged', () => {
    expect(findTargetLoss(delivered, { end: 60, topicId: 'A' })).toMatchObject({
      kind: 'target-lost',
      message: expect.stringContaining('offsets 60 to 99 of copy-1') as unknown
    })
  })

  it.each([100, 500])('is none where the log still has it: it ends at %i', (end) => {
    expect(findTargetLoss(delivered, { end, topicId: 'A' })).toBeUndefined()
    expect(findTargetLoss({ ...delivered, topicId: undefined }, { end })).toBeUndefined()
  })

  it('is a topic that is gone, or another of its name, however long', () => {
    expect(findTargetLoss(delivered, undefined)).toMatchObject({ kind: 'target-deleted' })
    expect(findTargetLoss(delivered, { end: 500, topicId: 'B' })).toMatchObject({ kind: 'target-deleted' })
    expect(targetDeleted('copy').message).toContain('target topic copy was deleted')
  })
})
