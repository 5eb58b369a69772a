import { describe, expect, it } from 'vitest'
import { verifyCopy } from '../../src/cli/verify-copy.ts'
import { FakeCluster, type FakeRecord } from '../client/fake-cluster.ts'
import { FakeConsumer } from '../client/fake-consumer.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const header = (name: string, value: Uint8Array | null) => ({ name: Buffer.from(name), value })

const ORIGINAL: readonly FakeRecord[] = [
  { key: 'a', value: 'one', timestamp: 1 },
  { key: null, value: null, timestamp: 2 },
  { key: bytes(), value: bytes(), timestamp: 3 },
  { key: 'b', value: bytes(0xff, 0), timestamp: 4, headers: [header('x', null), header('x', bytes(1))] }
]

async function verify(copy: readonly FakeRecord[], signal = new AbortController().signal) {
  const cluster = new FakeCluster()
  cluster.createTopic('a', 2)
  cluster.createTopic('b', 2)
  cluster.append('a', 1, ...ORIGINAL)
  // Offsets of a copy may differ.
  cluster.skip('b', 1, 5)
  cluster.append('b', 1, ...copy)
  const [source, target] = [new FakeConsumer(cluster, 'verify'), new FakeConsumer(cluster, 'verify')]
  const found = await verifyCopy(source, target, { source: 'a', target: 'b', partitions: 2 }, signal)
  expect([source.heldRecords(), target.heldRecords()]).toEqual([0, 0])
  return found
}

const changed = (at: number, fields: FakeRecord): FakeRecord[] =>
  ORIGINAL.map((record, index) => (index === at ? { ...record, ...fields } : record))

describe('verifying a copy', () => {
  it('finds nothing in a true one', async () => {
    expect(await verify(ORIGINAL)).toEqual({ compared: 4, differences: [] })
  })

  it.each<[string, readonly FakeRecord[], string]>([
    ['another key', changed(0, { key: 'A' }), 'a-1, offset 0: another key'],
    ['an empty key for null', changed(1, { key: bytes() }), 'a-1, offset 1: another key'],
    ['an empty value for a tombstone', changed(1, { value: bytes() }), 'a-1, offset 1: another value'],
    ['a tombstone for an empty value', changed(2, { value: null }), 'a-1, offset 2: another value'],
    ['another timestamp', changed(3, { timestamp: 5 }), 'a-1, offset 3: another timestamp'],
    [
      'headers in another order',
      changed(3, { headers: [header('x', bytes(1)), header('x', null)] }),
      'a-1, offset 3: other headers'
    ],
    ['a lost header', changed(3, { headers: [header('x', null)] }), 'a-1, offset 3: other headers'],
    ['a lost record', ORIGINAL.slice(0, 3), 'a-1: 4 records at the source, 3 at the target'],
    ['a record too many', [...ORIGINAL, { value: 'more' }], 'a-1: 4 records at the source, 5 at the target'],
    ['nothing at all', [], 'a-1: 4 records at the source, 0 at the target']
  ])('finds %s', async (_, copy, difference) => {
    expect((await verify(copy)).differences).toEqual([difference])
  })

  it('ends when it is told to', async () => {
    await expect(verify(ORIGINAL, AbortSignal.abort())).rejects.toThrow('aborted')
  })
})
