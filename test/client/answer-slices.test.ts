import { describe, expect, it } from 'vitest'
import { AnswerSlices } from '../../src/client/answer-slices.ts'

describe('waiting for an answer in slices', () => {
  it('reaches a broker that is farther away than the first slice', () => {
    const slices = new AnswerSlices(10_000, () => 0)
    expect(Array.from({ length: 7 }, () => slices.next())).toEqual([200, 400, 800, 1600, 3200, 3200, 3200])
  })

  it('ends at the deadline, and never asks without any time', () => {
    let now = 9_900
    const slices = new AnswerSlices(10_000, () => now)
    expect(slices.next()).toBe(100)
    now = 10_500
    expect(slices.next()).toBe(1)
  })
})
