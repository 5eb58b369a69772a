import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareKeys } from '../../src/verify/compare-keys.ts'
import { mostDigests, slotsFor } from '../../src/verify/table-size.ts'
import { TopicResult } from '../../src/verify/topic-result.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'

describe('the size of a table', () => {
  it('is never more than the bytes that it may have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 2 ** 40 }), fc.integer({ min: 10, max: 100 }), (bytes, bytesOfSlot) => {
        const most = mostDigests(bytes, bytesOfSlot)
        expect(slotsFor(most) * bytesOfSlot).toBeLessThanOrEqual(bytes)
        expect(slotsFor(most + 1) * bytesOfSlot).toBeGreaterThan(bytes)
      })
    )
  })

  it('makes passes over keys for which it is too small by being a power of two', async () => {
    const records = 5000
    const [source, target] = [new FakeCluster(), new FakeCluster()]
    for (const cluster of [source, target]) {
      cluster.createTopic('a', 1)
      cluster.append('a', 0, ...Array.from({ length: records }, (_, index) => ({ key: `${index}`, timestamp: index })))
    }
    const range = { topic: 'a', partition: 0, from: 0, to: records, isTrimmed: false }
    const result = new TopicResult(
      {
        target: 'a',
        sources: ['a'],
        sourceRanges: [{ ...range, requiredTo: records, isStartUnknown: false }],
        targetRanges: [range],
        isOrdered: true,
        isRestamped: false,
        isCompacted: true
      },
      10
    )
    let read = 0
    const consumers = { source: new FakeConsumer(source, 'v'), target: new FakeConsumer(target, 'v') }
    await compareKeys(result, consumers, {
      withTimestamps: true,
      // 10,000 keys, half of the slots taken, 76 bytes a slot: but there are 32,768 slots or 16,384.
      memory: 10_000 * 2 * 76,
      pollBytes: 1 << 20,
      mostNamed: 10,
      signal: new AbortController().signal,
      onRead: (cluster, count) => {
        if (cluster === 'source') read += count
      }
    })
    expect(read / records).toBe(2)
    expect(result).toMatchObject({ equal: records, different: 0, sourceRecords: records })
  })
})
