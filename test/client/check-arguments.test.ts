import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPartitions, checkPositions, checkTopics } from '../../src/client/check-arguments.ts'
import type { PartitionOffset } from '../../src/model/topic-partition.ts'

const position = { topic: 't', partition: 0, offset: 0 }

describe('arguments that would end the process', () => {
  it.each([
    ['no topic', { ...position, topic: '' }],
    ['a topic that is no text', { ...position, topic: 5 }],
    ['no partition', { topic: 't', offset: 0 }],
    ['a negative partition', { ...position, partition: -1 }],
    ['a partition beyond 31 bits', { ...position, partition: 2 ** 31 }],
    ['half a partition', { ...position, partition: 0.5 }],
    ['no offset', { topic: 't', partition: 0 }],
    ['a logical offset', { ...position, offset: -2 }],
    ['no number', { ...position, offset: Number.NaN }],
    ['an offset that is not exact', { ...position, offset: 2 ** 53 }]
  ])('%s', (_name, wrong) => {
    expect(() => checkPositions([position, wrong as unknown as PartitionOffset])).toThrowError(
      expect.objectContaining({ code: 'MR_INVALID_ARGUMENT' })
    )
  })

  it('a name that librdkafka would take for a pattern', () => {
    expect(() => checkTopics(['a', '^a.*'])).toThrow('pattern')
    expect(() => checkTopics([''])).toThrow('without a name')
  })

  it('every real position passes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(2 ** 31 - 1), fc.maxSafeNat(), (topic, partition, offset) => {
        checkPartitions([{ topic, partition }])
        checkPositions([{ topic, partition, offset }])
      })
    )
  })
})
