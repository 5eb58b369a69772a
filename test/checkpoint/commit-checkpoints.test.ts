import { Subject } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts'
import { commitCheckpoints } from '../../src/checkpoint/commit-checkpoints.ts'
import type { CommitOffset, CommitResult } from '../../src/client/types.ts'
import type { DeliveryFailure } from '../../src/model/settlement.ts'
import type { SettledBatch } from '../../src/sink/batch-sink.ts'
import { batchOf } from '../model/batch-of.ts'
import { marbles } from '../operators/operator-cases.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const partition = { topic: 'orders', partition: 0 }

function settledOf(from: number, to: number, failure?: DeliveryFailure): SettledBatch {
  const { batch } = batchOf({ from, to })
  const result = { delivered: to - from, altered: 0, runs: [], ...(failure !== undefined && { failure }) }
  return { batch, result, bytes: batch.bytes, firstTimestamp: -1 }
}

function started(answer: (offsets: readonly CommitOffset[]) => Promise<readonly CommitResult[]> = accepted) {
  const commits: number[] = []
  const consumer = {
    commit: async (offsets: readonly CommitOffset[]) => {
      commits.push(...offsets.map(({ offset }) => offset))
      return await answer(offsets)
    }
  }
  const checkpoints = new Checkpoints(consumer)
  checkpoints.add({ ...partition, offset: 0 }, true)
  const failed: unknown[] = []
  const operator = commitCheckpoints<SettledBatch>(checkpoints, {
    intervalMs: 1000,
    onCommitFailed: (error, results) => failed.push(error ?? results)
  })
  return { checkpoints, commits, failed, operator }
}

async function accepted(offsets: readonly CommitOffset[]): Promise<readonly CommitResult[]> {
  await Promise.resolve()
  return offsets.map(({ topic, partition: number, offset }) => {
    return { topic, partition: number, offset, code: 0, name: 'NO_ERROR' }
  })
}

describe('commitCheckpoints', () => {
  it.each([
    ['empty', '|'],
    ['one', '-a|'],
    ['many', '-a-(bc)|'],
    ['an error after some', '-a-#'],
    ['never', '-']
  ])('passes on %s unchanged', (_, stream) => {
    vi.useRealTimers()
    const values = { a: settledOf(0, 1), b: settledOf(1, 2), c: settledOf(2, 3) }
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(stream, values).pipe(started().operator)).toBe(stream, values)
    })
  })

  it('commits every interval what is settled contiguously', async () => {
    const { commits, operator } = started()
    const settled = new Subject<SettledBatch>()
    const subscription = settled.pipe(operator).subscribe()
    settled.next(settledOf(10, 20))
    await vi.advanceTimersByTimeAsync(1000)
    expect(commits).toEqual([])
    settled.next(settledOf(0, 10))
    await vi.advanceTimersByTimeAsync(999)
    expect(commits).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(commits).toEqual([20])
    await vi.advanceTimersByTimeAsync(3000)
    expect(commits).toEqual([20])
    subscription.unsubscribe()
  })

  it('moves up to the first record that was not delivered, no further', () => {
    const { checkpoints, operator } = started()
    const settled = new Subject<SettledBatch>()
    const subscription = settled.pipe(operator).subscribe()
    settled.next(settledOf(0, 10, { code: 10, name: 'MSG_SIZE_TOO_LARGE', offset: 6, count: 4, kind: 'refused' }))
    settled.next(settledOf(10, 20, { code: -143, name: 'X', offset: 10, count: 10, kind: 'blocked' }))
    expect(checkpoints.of(partition)).toBe(6)
    subscription.unsubscribe()
  })

  it('has moved the checkpoint before what was settled goes on', () => {
    const { checkpoints, operator } = started()
    const settled = new Subject<SettledBatch>()
    const seen: (number | undefined)[] = []
    const subscription = settled.pipe(operator).subscribe(() => seen.push(checkpoints.of(partition)))
    settled.next(settledOf(0, 10))
    expect(seen).toEqual([10])
    subscription.unsubscribe()
  })

  it('tells a refused commit and tries again after the interval', async () => {
    let refuse = true
    const { commits, failed, operator } = started(async (offsets) =>
      (await accepted(offsets)).map((result) => (refuse ? { ...result, code: 27, name: 'REBALANCE' } : result))
    )
    const settled = new Subject<SettledBatch>()
    const subscription = settled.pipe(operator).subscribe()
    settled.next(settledOf(0, 10))
    await vi.advanceTimersByTimeAsync(1000)
    expect(failed).toMatchObject([[{ offset: 10, code: 27 }]])
    refuse = false
    await vi.advanceTimersByTimeAsync(2000)
    expect(commits).toEqual([10, 10])
    subscription.unsubscribe()
  })

  it('tells a commit that could not be sent, and goes on', async () => {
    const failure = new Error('no coordinator')
    const { failed, operator } = started(async () => {
      await Promise.resolve()
      throw failure
    })
    const settled = new Subject<SettledBatch>()
    const subscription = settled.pipe(operator).subscribe()
    settled.next(settledOf(0, 10))
    await vi.advanceTimersByTimeAsync(2000)
    expect(failed).toEqual([failure, failure])
    subscription.unsubscribe()
  })

  it('sends no second commit while one is not answered', async () => {
    const { commits, operator } = started(async () => await new Promise(() => undefined))
    const settled = new Subject<SettledBatch>()
    const subscription = settled.pipe(operator).subscribe()
    settled.next(settledOf(0, 10))
    await vi.advanceTimersByTimeAsync(1000)
    settled.next(settledOf(10, 20))
    await vi.advanceTimersByTimeAsync(5000)
    expect(commits).toEqual([10])
    subscription.unsubscribe()
  })

  it('unsubscribed early commits nothing any more', async () => {
    const { commits, operator } = started()
    const settled = new Subject<SettledBatch>()
    const subscription = settled.pipe(operator).subscribe()
    settled.next(settledOf(0, 10))
    subscription.unsubscribe()
    await vi.advanceTimersByTimeAsync(5000)
    expect(commits).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})
