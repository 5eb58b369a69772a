import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPairs } from '../../../src/job/pairs/find-pairs.ts'
import { writeLatePairs } from '../../../src/job/pairs/late-pairs.ts'
import { PairStore, type PairStoreOptions } from '../../../src/job/pairs/pair-store.ts'
import { readPairs } from '../../../src/job/pairs/read-pairs.ts'
import { NUMBERS_OF_RUN } from '../../../src/model/offset-pairs.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const ORDERS = { topic: 'orders', partition: 7 }
const TO = { ...ORDERS, target: 'copy', sourceId: 'source-1', targetId: 'target-1', isAnew: false }
const SMALL = { segmentBytes: 400, segments: 3, tailRuns: 8, waitingRuns: 100 }

async function open(stateDir: string, more: Partial<PairStoreOptions> = {}): Promise<PairStore> {
  const fail = (error: unknown): void => {
    throw error
  }
  const store = new PairStore({ stateDir, onTrouble: fail, ...more })
  await store.open()
  return store
}

async function targetsOf(stateDir: string, offset: number): Promise<(string | number)[]> {
  const { pairs } = await findPairs(stateDir, { ...ORDERS, offset }, false)
  return pairs.map(({ target, isEarlier }) => (isEarlier ? `earlier ${target.offset}` : target.offset))
}

async function allRuns(stateDir: string): Promise<number[][]> {
  const runs: number[][] = []
  await readPairs(stateDir, (of) => {
    for (let at = 0; at < of.runs.length; at += NUMBERS_OF_RUN) runs.push(of.runs.slice(at, at + NUMBERS_OF_RUN))
  })
  return runs
}

describe('the store of offset pairs', () => {
  it('has a copy that nothing disturbed as one run, over any number of commits and restarts', async () => {
    await using dir = await tempDir()
    const stateDir = dir.path
    for (let run = 0; run < 3; run++) {
      const store = await open(stateDir)
      const generation = store.begin(TO)
      for (let commit = 0; commit < 20; commit++) {
        const at = (run * 20 + commit) * 100
        await store.keep([{ ...ORDERS, generation, runs: [3, at, at + 50, 100] }])
      }
      await store.close()
    }
    expect(await allRuns(stateDir)).toEqual([[3, 0, 50, 6000]])
    expect(await findPairs(stateDir, { ...ORDERS, offset: 5999 }, false)).toMatchObject({
      pairs: [{ target: { topic: 'copy', partition: 3, offset: 6049 }, isEarlier: false }],
      forgottenBelow: 0
    })
    expect(await findPairs(stateDir, { topic: 'copy', partition: 3, offset: 6049 }, true)).toMatchObject({
      pairs: [{ source: { ...ORDERS, offset: 5999 } }]
    })
    expect(await targetsOf(stateDir, 6000)).toEqual([])
  })

  it('has what was kept when the process dies at that moment', async () => {
    await using dir = await tempDir()
    const stateDir = dir.path
    const store = await open(stateDir)
    const generation = store.begin(TO)
    await store.keep([{ ...ORDERS, generation, runs: [3, 0, 50, 10] }])
    // Never closed.
    const next = await open(stateDir)
    expect(next.begin(TO)).toBe(generation)
    await next.keep([{ ...ORDERS, generation, runs: [3, 5, 90, 10] }])
    expect(await targetsOf(stateDir, 7)).toEqual([57, 92])
  })

  it('begins a new generation when a topic was made again, and never mixes it with the old one', async () => {
    await using dir = await tempDir()
    const stateDir = dir.path
    const store = await open(stateDir, { now: () => 1000 })
    const old = store.begin(TO)
    await store.keep([{ ...ORDERS, generation: old, runs: [3, 0, 0, 10] }])
    const anew = store.begin({ ...TO, sourceId: 'source-2' })
    expect(anew).toBeGreaterThan(old)
    // What a worker still had of the old topic comes late.
    await store.keep([
      { ...ORDERS, generation: anew, runs: [3, 0, 70, 10] },
      { ...ORDERS, generation: old, runs: [3, 10, 10, 10] }
    ])
    expect(await targetsOf(stateDir, 5)).toEqual(['earlier 5', 75])
    expect(await targetsOf(stateDir, 15)).toEqual(['earlier 15'])
    await store.close()
    const next = await open(stateDir)
    expect(next.begin({ ...TO, sourceId: 'source-2' })).toBe(anew)
    expect(next.begin({ ...TO, sourceId: 'source-2', isAnew: true })).toBeGreaterThan(anew)
    expect(next.begin({ ...TO, sourceId: 'source-2', target: 'elsewhere' })).toBeGreaterThan(anew)
  })

  it('forgets the oldest when there is no more room, and names what it forgot', async () => {
    await using dir = await tempDir()
    const stateDir = dir.path
    const store = await open(stateDir, { limits: SMALL })
    const generation = store.begin(TO)
    for (let from = 0; from < 2000; from += 10) {
      const some = Array.from({ length: 10 }, (_, index) => from + index)
      const runs = some.flatMap((index) => [index % 2, index * 10, index * 20, 10])
      await store.keep([{ ...ORDERS, generation, runs }])
    }
    const files = await readdir(join(stateDir, 'pairs'))
    expect(files.length).toBeLessThanOrEqual(4)
    for (const file of files) expect((await stat(join(stateDir, 'pairs', file))).size).toBeLessThan(600)
    const { pairs, forgottenBelow } = await findPairs(stateDir, { ...ORDERS, offset: 100 }, false)
    expect(pairs).toEqual([])
    expect(forgottenBelow).toBeGreaterThan(1000)
    expect(forgottenBelow % 10).toBe(0)
    expect(await targetsOf(stateDir, forgottenBelow)).toEqual([forgottenBelow * 2])
    expect(await targetsOf(stateDir, 19_999)).toEqual([39_989])
    // It is still known after a restart.
    await store.close()
    const next = await open(stateDir, { limits: SMALL })
    await next.keep([{ ...ORDERS, generation: next.begin(TO), runs: [0, 50_000, 60_000, 1] }])
    expect((await findPairs(stateDir, { ...ORDERS, offset: 100 }, false)).forgottenBelow).toBe(forgottenBelow)
  })

  it('says only what was kept, whatever is damaged, cut off or gone', { timeout: 60_000 }, async () => {
    // Every pair is s → 3 s + 11: any other one would be seen.
    const isTrue = (run: readonly number[]): boolean => run[2] === 3 * (run[1] ?? 0) + 11
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 10, maxLength: 60 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('cut', 'change', 'delete', 'append'),
        async (offsets, which, where, how) => {
          await using dir = await tempDir()
          const stateDir = dir.path
          const store = await open(stateDir, { limits: SMALL })
          const generation = store.begin(TO)
          for (const offset of offsets) {
            await store.keep([{ ...ORDERS, generation, runs: [1, offset, 3 * offset + 11, 1] }])
          }
          await store.close()
          const names = await readdir(join(stateDir, 'pairs'))
          const path = join(stateDir, 'pairs', names[which % names.length] ?? '')
          const bytes = await readFile(path)
          const at = where % Math.max(1, bytes.length)
          if (how === 'cut') await writeFile(path, bytes.subarray(0, at))
          else if (how === 'delete') await rm(path)
          else if (how === 'append') await appendFile(path, bytes.subarray(at))
          else {
            bytes[at] = (bytes[at] ?? 0) ^ (1 + (where % 255))
            await writeFile(path, bytes)
          }
          expect((await allRuns(stateDir)).every(isTrue)).toBe(true)
          // And it goes on.
          const next = await open(stateDir, { limits: SMALL })
          await next.keep([{ ...ORDERS, generation: next.begin(TO), runs: [1, 200_000, 600_011, 1] }])
          expect((await allRuns(stateDir)).every(isTrue)).toBe(true)
          expect(await targetsOf(stateDir, 200_000)).toEqual([600_011])
          await next.close()
        }
      ),
      { numRuns: 40 }
    )
  })

  it('that can not be written is told once, copies on, and goes on when it can', async () => {
    await using dir = await tempDir()
    const stateDir = dir.path
    const troubles: unknown[] = []
    const store = await open(stateDir, { onTrouble: (error) => troubles.push(error), limits: SMALL })
    const generation = store.begin(TO)
    await rm(join(stateDir, 'pairs'), { recursive: true })
    for (let index = 0; index < 300; index++) {
      await store.keep([{ ...ORDERS, generation, runs: [1, index * 10, index * 20, 5] }])
    }
    expect(troubles).toHaveLength(1)
    await (await open(stateDir)).close()
    await store.keep([{ ...ORDERS, generation, runs: [1, 9000, 20_000, 5] }])
    expect(await targetsOf(stateDir, 9000)).toEqual([20_000])
    // What waited in vain is named, not kept for ever.
    expect(await findPairs(stateDir, { ...ORDERS, offset: 0 }, false)).toMatchObject({ pairs: [] })
    expect((await findPairs(stateDir, { ...ORDERS, offset: 0 }, false)).forgottenBelow).toBeGreaterThan(900)
  })

  it('takes over what workers left whose supervisor was gone, once, also when it is damaged', async () => {
    await using dir = await tempDir()
    const store = await open(dir.path)
    const generation = store.begin(TO)
    await store.keep([{ ...ORDERS, generation, runs: [1, 0, 0, 10] }])
    await writeLatePairs(dir.path, 0, [{ ...ORDERS, generation, runs: [1, 10, 10, 5] }])
    await writeLatePairs(dir.path, 0, [
      { ...ORDERS, generation: 7, runs: [1, 10, 99, 5] },
      { topic: 'unknown', partition: 0, generation, runs: [1, 10, 99, 5] }
    ])
    await writeLatePairs(dir.path, 1, [{ ...ORDERS, generation, runs: [1, 50, 50, 5] }])
    const names = (await readdir(join(dir.path, 'pairs'))).filter((name) => name.startsWith('late'))
    expect(names).toHaveLength(3)
    const damaged = join(dir.path, 'pairs', names.at(-1) ?? '')
    const bytes = await readFile(damaged)
    await writeFile(damaged, bytes.fill(1, 20, 21))
    const next = await open(dir.path)
    await next.keep([{ ...ORDERS, generation: next.begin(TO), runs: [1, 15, 15, 5] }])
    expect(await allRuns(dir.path)).toEqual([[1, 0, 0, 20]])
    expect((await readdir(join(dir.path, 'pairs'))).filter((name) => name.startsWith('late'))).toEqual([])
  })

  it.each([[[1, 2, 3]], [[1, -2, 3, 4]], [[1, 2, 3, 0]], [[0.5, 2, 3, 4]], [[1, 2, 2 ** 60, 4]], [[1, 2, 3, 4, 5]]])(
    'does not keep %j, which is no run',
    async (runs) => {
      await using dir = await tempDir()
      const store = await open(dir.path)
      const generation = store.begin(TO)
      await store.keep([
        { ...ORDERS, generation, runs },
        { ...ORDERS, generation, runs: [1, 7, 8, 9] }
      ])
      expect(await allRuns(dir.path)).toEqual([[1, 7, 8, 9]])
    }
  )

  it('that can not be opened keeps nothing, also no memory', async () => {
    await using dir = await tempDir()
    const stateDir = dir.path
    await writeFile(join(stateDir, 'pairs'), 'a file')
    const troubles: unknown[] = []
    const store = await open(stateDir, { onTrouble: (error) => troubles.push(error) })
    await store.keep([{ ...ORDERS, generation: store.begin(TO), runs: [1, 0, 0, 5] }])
    await store.close()
    expect(troubles).toHaveLength(1)
  })
})
