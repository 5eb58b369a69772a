import { describe, expect, it } from 'vitest'
import { AnswerSlices } from '../../src/client/answer-slices.ts'
import { ErrorCode } from '../../src/client/error-codes.ts'

describe('waiting for an answer in slices', () => {
  it('reaches a broker that is farther away than the first slice', () => {
    const slices = new AnswerSlices(10_000, () => 0)
    const asked = Array.from({ length: 7 }, () => {
      const slice = slices.next()
      slices.failed(ErrorCode.timedOut)
      return slice
    })
    expect(asked).toEqual([200, 400, 800, 1600, 3200, 3200, 3200])
  })

  it('stays short while there is no broker: a client that is held goes on trying to log in', () => {
    const slices = new AnswerSlices(10_000, () => 0)
    for (let tries = 0; tries < 5; tries++) slices.failed(ErrorCode.transport)
    expect(slices.next()).toBe(200)
  })

  it('ends at the deadline, and never asks without any time', () => {
    let now = 9_900
    const slices = new AnswerSlices(10_000, () => now)
    expect(slices.next()).toBe(100)
    now = 10_500
    expect(slices.next()).toBe(1)
  })
})
