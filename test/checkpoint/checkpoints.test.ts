import { describe, expect, it } from 'vitest'
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts'
import type { CommitOffset, CommitResult } from '../../src/client/types.ts'

const first = { topic: 'orders', partition: 0 }
const second = { topic: 'orders', partition: 1 }

interface Commit {
  readonly offsets: readonly CommitOffset[]
  /** Answers; partitions listed fail. */
  readonly answer: (...failed: readonly number[]) => void
  readonly fail: (error: Error) => void
}

function started() {
  const commits: Commit[] = []
  const consumer = {
    commit: async (offsets: readonly CommitOffset[]) =>
      await new Promise<readonly CommitResult[]>((resolve, reject) => {
        const answer = (...failed: readonly number[]) =>
          resolve(
            offsets.map(({ topic, partition, offset }) => {
              return failed.includes(partition)
                ? { topic, partition, offset, code: 27, name: 'REBALANCE_IN_PROGRESS' }
                : { topic, partition, offset, code: 0, name: 'NO_ERROR' }
            })
          )
        commits.push({ offsets, answer, fail: reject })
      })
  }
  return { checkpoints: new Checkpoints(consumer), commits }
}

const settle = async () => await new Promise((resolve) => setImmediate(resolve))

describe('checkpoints', () => {
  it('commit what is contiguous, of each partition', async () => {
    const { checkpoints, commits } = started()
    checkpoints.add({ ...first, offset: 5 }, true)
    checkpoints.add({ ...second, offset: 0 }, true)
    checkpoints.settle(first, 5, 10, { leaderEpoch: 3 })
    checkpoints.settle(second, 7, 9, { leaderEpoch: 1 })
    const commit = checkpoints.commit()
    await settle()
    commits[0]?.answer()
    expect(await commit).toEqual([])
    expect(commits.map(({ offsets }) => offsets)).toEqual([[{ ...first, offset: 10, leaderEpoch: 3 }]])
    expect([checkpoints.of(first), checkpoints.committedOf(first)]).toEqual([10, 10])
    expect([checkpoints.of(second), checkpoints.committedOf(second)]).toEqual([0, 0])
  })

  it('have nothing to commit when nothing moved', async () => {
    const { checkpoints, commits } = started()
    checkpoints.add({ ...first, offset: 5 }, true)
    expect(await checkpoints.commit()).toEqual([])
    expect(commits).toEqual([])
  })

  it('commit a start that the group does not have', async () => {
    const { checkpoints, commits } = started()
    checkpoints.add({ ...first, offset: 5 }, false)
    void checkpoints.commit()
    await settle()
    expect(commits[0]?.offsets).toEqual([{ ...first, offset: 5 }])
  })

  it('send no epoch where it is unknown', async () => {
    const { checkpoints, commits } = started()
    checkpoints.add({ ...first, offset: 0 }, true)
    checkpoints.settle(first, 0, 5, { leaderEpoch: 3 })
    checkpoints.settle(first, 5, 7, { leaderEpoch: -1 })
    void checkpoints.commit()
    await settle()
    expect(commits[0]?.offsets).toEqual([{ ...first, offset: 7 }])
  })

  it('have one commit on its way at a time, the later one with all that came meanwhile', async () => {
    const { checkpoints, commits } = started()
    checkpoints.add({ ...first, offset: 0 }, true)
    checkpoints.settle(first, 0, 5, { leaderEpoch: -1 })
    const [one, two] = [checkpoints.commit(), checkpoints.commit()]
    await settle()
    checkpoints.settle(first, 5, 8, { leaderEpoch: -1 })
    expect(commits).toHaveLength(1)
    commits[0]?.answer()
    await one
    await settle()
    expect(commits[1]?.offsets).toEqual([{ ...first, offset: 8 }])
    commits[1]?.answer()
    expect(await two).toEqual([])
  })

  it('try again what failed, and nothing else', async () => {
    const { checkpoints, commits } = started()
    for (const partition of [first, second]) {
      checkpoints.add({ ...partition, offset: 0 }, true)
      checkpoints.settle(partition, 0, 5, { leaderEpoch: -1 })
    }
    const commit = checkpoints.commit()
    await settle()
    commits[0]?.answer(1)
    expect(await commit).toMatchObject([{ partition: 1, code: 27 }])
    expect(checkpoints.committedOf(second)).toBe(0)
    void checkpoints.commit()
    await settle()
    expect(commits[1]?.offsets).toEqual([{ ...second, offset: 5 }])
  })

  it('go on after a commit that could not be sent', async () => {
    const { checkpoints, commits } = started()
    checkpoints.add({ ...first, offset: 0 }, true)
    checkpoints.settle(first, 0, 5, { leaderEpoch: -1 })
    const commit = checkpoints.commit()
    await settle()
    commits[0]?.fail(new Error('no coordinator'))
    await expect(commit).rejects.toThrow('no coordinator')
    const again = checkpoints.commit()
    await settle()
    commits[1]?.answer()
    expect(await again).toEqual([])
    expect(checkpoints.committedOf(first)).toBe(5)
  })

  it('commit only those that are asked for', async () => {
    const { checkpoints, commits } = started()
    for (const partition of [first, second]) {
      checkpoints.add({ ...partition, offset: 0 }, true)
      checkpoints.settle(partition, 0, 5, { leaderEpoch: -1 })
    }
    void checkpoints.commit([second, { topic: 'orders', partition: 9 }])
    await settle()
    expect(commits[0]?.offsets).toEqual([{ ...second, offset: 5 }])
  })

  it('know nothing of a partition that was let go, whatever settles late', () => {
    const { checkpoints } = started()
    checkpoints.add({ ...first, offset: 0 }, true)
    checkpoints.remove(first)
    checkpoints.settle(first, 0, 5, { leaderEpoch: -1 })
    checkpoints.rewind(first)
    expect([checkpoints.of(first), checkpoints.committedOf(first)]).toEqual([undefined, undefined])
  })
})
