import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUSY_KEEPS_BYTES, SpareMemory } from '../../../src/job/worker/spare-memory.ts'

const MIB = 1024 * 1024
const STEP_MS = 500

/** Delivers so much in each half second. */
const course = (megabytes: readonly number[]) => {
  const told: string[] = []
  let now = 1000
  let bytes = 0
  const memory = {
    keepFreed: (kept: number) => void told.push(kept === BUSY_KEEPS_BYTES ? 'keeps much' : 'keeps little'),
    giveBack: async () => void told.push('gives back')
  }
  const spare = new SpareMemory(memory, () => now)
  spare.sample(bytes)
  for (const more of megabytes) {
    now += STEP_MS
    bytes += more * MIB
    spare.sample(bytes)
  }
  return told
}
const times = (count: number, megabytes: number) => Array.from({ length: count }, () => megabytes)

describe('what malloc keeps for a worker', () => {
  it('is given back when it has caught up, once, and kept again with the next burst', () => {
    expect(course([...times(20, 50), ...times(5, 1)])).toEqual([])
    expect(course([...times(20, 50), ...times(20, 1)])).toEqual(['keeps little', 'gives back'])
    expect(course([...times(20, 50), ...times(20, 1), 50])).toEqual(['keeps little', 'gives back', 'keeps much'])
  })

  it('is kept while bursts come again and again', () => {
    expect(course(times(10, 0).flatMap(() => [50, 0, 0, 0, 0, 0]))).toEqual([])
  })

  it('is looked at again while it stays quiet: threads go on freeing', () => {
    expect(course(times(2 * 190, 1))).toEqual(['keeps little', ...times(4, 0).map(() => 'gives back')])
  })

  it('is as much as a busy worker needs after every burst, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 100 }), (megabytes) => {
        const kept = course([...megabytes, 60]).filter((what) => what !== 'gives back')
        expect(kept.at(-1) ?? 'keeps much').toBe('keeps much')
      })
    )
  })
})
