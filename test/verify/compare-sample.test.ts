import { describe, expect, it } from 'vitest'
import type { Digests } from '../../src/client/types.ts'
import { compareSample } from '../../src/verify/compare-sample.ts'
import { TopicResult } from '../../src/verify/topic-result.ts'
import { FakeCluster } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'
import { digests } from './align.ts'

/** A consumer of one partition, whose records are told apart by numbers. */
class NumberedConsumer extends FakeConsumer {
  readonly #partition: { readonly topic: string; readonly partition: number }
  readonly #records: readonly number[]
  #position = 0

  constructor(topic: string, records: readonly number[]) {
    super(new FakeCluster(), 'v')
    this.#partition = { topic, partition: 0 }
    this.#records = records
  }

  override assign([first]: Parameters<FakeConsumer['assign']>[0]): void {
    this.#position = typeof first?.offset === 'number' ? first.offset : 0
  }

  override unassign(): void {
    // Nothing is kept of it.
  }

  override async digest(): ReturnType<FakeConsumer['digest']> {
    const records = this.#records.slice(this.#position, this.#position + 20_000)
    const { words } = digests(records)
    const batch: Digests = {
      ...this.#partition,
      bytes: records.length,
      spans: Float64Array.of(this.#position, records.length),
      words,
      keys: new Uint32Array()
    }
    this.#position += records.length
    return Promise.resolve({ digests: [batch], ends: [], errors: [] })
  }
}

/** Looks for so many source records in the target, partition 0 of either. */
async function sample(source: readonly number[], target: readonly number[], records: number): Promise<TopicResult> {
  const range = (topic: string, to: number) => ({ topic, partition: 0, from: 0, to, isTrimmed: false })
  const result = new TopicResult(
    {
      target: 'b',
      sources: ['a'],
      sourceRanges: [{ ...range('a', source.length), requiredTo: source.length, isStartUnknown: false }],
      targetRanges: [range('b', target.length)],
      isOrdered: true,
      isRestamped: false,
      isCompacted: false
    },
    10
  )
  const consumers = { source: new NumberedConsumer('a', source), target: new NumberedConsumer('b', target) }
  await compareSample(result, records, consumers, {
    withTimestamps: true,
    pollBytes: 1,
    mostNamed: 10,
    signal: new AbortController().signal,
    onRead: () => undefined
  })
  return result
}

describe('looking for a sample', () => {
  it('does not take the longer the more records are alike', { timeout: 20_000 }, async () => {
    const alike = Array.from({ length: 150_000 }, () => 7)
    const result = await sample(alike, alike, 200_000)
    expect(result).toMatchObject({ sourceRecords: 150_000, equal: 150_000, different: 0 })
  })

  it('finds what was moved far, and names what is lost in order', async () => {
    // Every third is like the others.
    const records = Array.from({ length: 120_000 }, (_, index) => (index % 3 === 0 ? 7 : index + 100))
    const moved = records.toSpliced(10, 100).toSpliced(110_000, 0, ...records.slice(10, 60))
    const result = await sample(records, moved, 200_000)
    const places = [...Array(50).keys()].map((index) => 60 + index).filter((offset) => offset % 3 !== 0)
    expect(result.different).toBe(places.length)
    expect(result.finish().differences.lost.first).toEqual(
      places.slice(0, 10).map((offset) => ({ source: { topic: 'a', partition: 0, offset } }))
    )
  })
})
