import { describe, expect, it } from 'vitest'
import { verifyCopy } from '../../src/verify/verify-copy.ts'
import type { TopicBounds, VerifyMode, VerifyProgress } from '../../src/verify/verify-types.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'

const RECORDS = Array.from({ length: 30 }, (_, index) => ({ key: `${index}`, value: 'value', timestamp: index }))

/** Verifies topics `a`, `b` and `c` with a partition each, all copied truly; returns what was told on the way. */
async function progressOf(
  mode: VerifyMode,
  bounds: Pick<TopicBounds, 'isOrdered' | 'isRestamped' | 'isCompacted'>[]
): Promise<VerifyProgress[]> {
  const [source, target] = [new FakeCluster(), new FakeCluster()]
  const told: VerifyProgress[] = []
  const topics = bounds.map((flags, index): TopicBounds => {
    const topic = 'abc'.charAt(index)
    for (const cluster of [source, target]) {
      cluster.createTopic(topic, 1)
      cluster.append(topic, 0, ...RECORDS)
    }
    // Counts: not clear from the offsets alone.
    target.skip(topic, 0, 1)
    const range = { topic, partition: 0, from: 0, to: RECORDS.length, isTrimmed: false }
    return {
      target: topic,
      sources: [topic],
      sourceRanges: [{ ...range, requiredTo: RECORDS.length, isStartUnknown: false }],
      targetRanges: [{ ...range, to: RECORDS.length + 1 }],
      ...flags
    }
  })
  await verifyCopy(
    topics,
    { source: new FakeConsumer(source, 'v'), target: new FakeConsumer(target, 'v') },
    {
      job: 'job',
      policy: 'same',
      mode,
      sampleRecords: RECORDS.length,
      strict: false,
      memory: 64 * 1024 * 1024,
      pollBytes: 1 << 20,
      mostNamed: 10,
      signal: new AbortController().signal,
      onProgress: (progress) => told.push(progress)
    }
  )
  return told
}

const ordered = { isOrdered: true, isRestamped: false, isCompacted: false }
const set = { isOrdered: false, isRestamped: false, isCompacted: false }
const restamped = { isOrdered: true, isRestamped: true, isCompacted: false }
const compacted = { isOrdered: true, isRestamped: false, isCompacted: true }

describe('the progress of a verification of several topics', () => {
  it.each<[string, VerifyMode, (typeof ordered)[]]>([
    ['in order and as sets', 'full', [ordered, set, set]],
    ['of all kinds', 'full', [ordered, restamped, compacted]],
    ['samples', 'sample', [ordered, set, ordered]],
    ['counts', 'counts', [ordered, set, ordered]]
  ])('adds up, %s', async (_, mode, bounds) => {
    const told = await progressOf(mode, bounds)
    for (const kind of ['sourceRecords', 'targetRecords', 'bytes', 'partitionsDone'] as const) {
      const values = told.map((progress) => progress[kind])
      expect(values, kind).toEqual(values.toSorted((a, b) => a - b))
    }
    expect(told.at(-1)).toMatchObject({ sourceRecords: 90, targetRecords: 90, partitions: 3, partitionsDone: 3 })
  })
})
