import { describe, expect, it } from 'vitest'
import { checkSampleFits, divideVerifyMemory } from '../../src/verify/divide-verify-memory.ts'

const MIB = 1024 * 1024

describe('the memory of a verification', () => {
  it.each([1, 3, 9])('is divided so that the parts of %i brokers fit', (brokers) => {
    const { consumerQueue, fetchMaxBytes, poll, pairs, digests } = divideVerifyMemory(512 * MIB, brokers)
    expect(2 * (2 * consumerQueue + poll) + brokers * fetchMaxBytes + pairs + digests).toBeLessThan(512 * MIB)
  })

  it('that is too little is refused with how much would do', () => {
    expect(() => divideVerifyMemory(110 * MIB, 2)).toThrow(/limits.memory is 110MiB, the least .* is \d+MiB/)
  })

  it('holds a sample, or refuses it before anything is read', () => {
    const memory = divideVerifyMemory(512 * MIB, 2)
    expect(() => checkSampleFits(100_000, memory)).not.toThrow()
    expect(() => checkSampleFits(10_000_000, memory)).toThrow(/A sample of 10000000 records takes 4960MiB/)
  })
})
