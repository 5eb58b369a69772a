import { describe, expect, it } from 'vitest'
import { PairKeeper } from '../../../src/job/pairs/pair-keeper.ts'
import type { Loss } from '../../../src/model/loss.ts'
import type { PreparedPartition } from '../../../src/pipeline/types.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const PREPARED: PreparedPartition = {
  topic: 'orders',
  partition: 1,
  target: 'copy',
  targetPartitions: 3,
  start: 0,
  committed: true,
  metadata: { topicId: 'a', targetId: 'b' }
}

function lossOf(kind: Loss['kind']): Loss {
  const { topic, partition } = PREPARED
  const reason = { code: 'MR_LOSS', message: 'x', next: 'y', place: {} }
  return { topic, partition, kind, message: 'x', code: 'MR_LOSS', outcome: 'continued', reason }
}

async function keeper(stateDir: string, beginsAnew = false): Promise<PairKeeper> {
  const keeper = new PairKeeper({
    stateDir,
    beginsAnew,
    onWarning: (error) => {
      throw error
    }
  })
  await keeper.open()
  return keeper
}

describe('the generation of offset pairs', () => {
  it('stays as long as both topics do, over restarts and assignments', async () => {
    await using dir = await tempDir()
    const first = await keeper(dir.path, true)
    const generation = first.begin(PREPARED)
    expect(first.begin(PREPARED)).toBe(generation)
    await first.keep([{ topic: 'orders', partition: 1, generation, runs: [1, 0, 0, 5] }])
    await first.close()
    expect((await keeper(dir.path)).begin({ ...PREPARED, start: 5 })).toBe(generation)
  })

  it('is a new one when the copy begins anew, once', async () => {
    await using dir = await tempDir()
    const first = await keeper(dir.path)
    const generation = first.begin(PREPARED)
    await first.keep([{ topic: 'orders', partition: 1, generation, runs: [1, 0, 0, 5] }])
    const second = await keeper(dir.path, true)
    const anew = second.begin(PREPARED)
    expect(anew).toBeGreaterThan(generation)
    expect(second.begin(PREPARED)).toBe(anew)
  })

  it.each([
    ['truncated', true],
    ['remade', true],
    ['target-lost', true],
    ['target-deleted', true],
    ['overtaken', false],
    ['hole', false]
  ] as const)('after a loss (%s): another one is %s', async (kind, isAnew) => {
    await using dir = await tempDir()
    const pairs = await keeper(dir.path)
    const withoutIds = { ...PREPARED, metadata: {} }
    const generation = pairs.begin(withoutIds)
    pairs.lost(lossOf(kind))
    expect(pairs.begin(withoutIds) !== generation).toBe(isAnew)
  })

  it('is that of the worker that was given the partition: what comes late says nothing of the next one', async () => {
    await using dir = await tempDir()
    const pairs = await keeper(dir.path)
    expect(pairs.begin(PREPARED)).not.toBe(pairs.begin({ ...PREPARED, metadata: { topicId: 'c', targetId: 'b' } }))
  })
})
