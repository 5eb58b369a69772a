import { describe, expect, it } from 'vitest'
import { knownPairs, loadPairs } from '../../../src/job/pairs/load-known-pairs.ts'
import { PairStore, type PairBeginning } from '../../../src/job/pairs/pair-store.ts'
import { BYTES_OF_RUN } from '../../../src/verify/topic-pairs.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const ORDERS = { topic: 'orders', partition: 7 }
const TO: PairBeginning = { ...ORDERS, target: 'copy', sourceId: 'source-1', targetId: 'target-1', isAnew: false }
const PLENTY = 1e6

async function open(stateDir: string): Promise<PairStore> {
  const store = new PairStore({
    stateDir,
    onTrouble: (error) => {
      throw error
    },
    limits: { segmentBytes: 400, segments: 1000, tailRuns: 8 }
  })
  await store.open()
  return store
}

/** A cluster whose topics have these ids. */
function admin(ids: Readonly<Record<string, string>>) {
  const description = { internal: false, partitions: [] }
  return {
    describeTopics: async (topics: readonly string[]) =>
      await Promise.resolve(
        new Map(
          topics.map((topic) => [
            topic,
            { found: true as const, description: { ...description, topic, topicId: ids[topic] } }
          ])
        )
      )
  }
}

describe('the pairs that verify knows', () => {
  it('are those of the topics that are there now, joined again', async () => {
    await using dir = await tempDir()
    const store = await open(dir.path)
    const generation = store.begin(TO)
    for (let at = 0; at < 30; at++) await store.keep([{ ...ORDERS, generation, runs: [at < 20 ? 0 : 1, at, at, 1] }])
    await store.close()
    const loaded = await loadPairs(dir.path, PLENTY)
    const known = await knownPairs(loaded, admin({ orders: 'source-1' }), admin({ copy: 'target-1' }))
    expect(known.of(ORDERS)).toEqual({ target: 'copy', runs: [0, 0, 0, 20, 1, 20, 20, 10] })
    expect(known.notesOf('orders')).toEqual([])
    // No ids before 2.8.
    expect((await knownPairs(loaded, admin({}), admin({}))).of(ORDERS)).toBeDefined()
  })

  it.each([
    ['source', { orders: 'source-2' }, { copy: 'target-1' }],
    ['target', { orders: 'source-1' }, { copy: 'target-2' }]
  ] as const)('are none when the %s topic was made again', async (_, source, target) => {
    await using dir = await tempDir()
    const store = await open(dir.path)
    await store.keep([{ ...ORDERS, generation: store.begin(TO), runs: [0, 0, 0, 5] }])
    const known = await knownPairs(await loadPairs(dir.path, PLENTY), admin(source), admin(target))
    expect(known.of(ORDERS)).toBeUndefined()
    expect(known.notesOf('orders')).toEqual([expect.stringContaining('earlier topics')])
    expect(known.notesOf('others')).toEqual([])
  })

  it('are of the newest generation only', async () => {
    await using dir = await tempDir()
    const store = await open(dir.path)
    const old = store.begin(TO)
    for (let at = 0; at < 30; at++) await store.keep([{ ...ORDERS, generation: old, runs: [0, 3 * at, 7 * at, 1] }])
    const anew = store.begin({ ...TO, isAnew: true })
    await store.keep([
      { ...ORDERS, generation: anew, runs: [0, 0, 500, 2] },
      { ...ORDERS, generation: old, runs: [0, 900, 900, 1] }
    ])
    const known = await knownPairs(await loadPairs(dir.path, PLENTY), admin({}), admin({}))
    expect(known.of(ORDERS)?.runs).toEqual([0, 0, 500, 2])
  })

  it('are the newest where memory has no room for all, and it is said', async () => {
    await using dir = await tempDir()
    const store = await open(dir.path)
    const generation = store.begin(TO)
    for (let from = 0; from < 3000; from += 50) {
      const some = Array.from({ length: 50 }, (_, index) => from + index)
      await store.keep([{ ...ORDERS, generation, runs: some.flatMap((at) => [0, 3 * at, 7 * at, 1]) }])
    }
    await store.close()
    const loaded = await loadPairs(dir.path, 500 * BYTES_OF_RUN)
    const known = await knownPairs(loaded, admin({}), admin({}))
    const { runs = [] } = known.of(ORDERS) ?? {}
    expect(runs.length / 4).toBeGreaterThan(300)
    expect(runs.length / 4).toBeLessThanOrEqual(500)
    expect(runs.slice(-4)).toEqual([0, 3 * 2999, 7 * 2999, 1])
    expect(known.notesOf('orders')).toEqual([expect.stringContaining('limits.memory')])
  })
})
